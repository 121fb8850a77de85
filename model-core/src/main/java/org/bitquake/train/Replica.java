package org.bitquake.train;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.rng.simple.RandomSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One copy of a network in training: the model, its momentum, and the update that both go through.
 * Not thread-safe; several may train at once, each in a thread of its own.
 */
public final class Replica implements AutoCloseable {
  private final TrainOptions options;
  private final int stepsPerEpoch;
  private final QuantizedModel model;
  private final SplitBatch batches;
  private final SgdState sgd;
  private final OneCycle schedule;
  private final float[] epsilon;
  private final Optional<RandBet> faults;
  private double loss;
  private int updates;

  /**
   * With random weights, those of the seed.
   *
   * @param stepsPerEpoch updates an epoch, on which the schedules of learning rate and λ rest
   */
  public Replica(TrainOptions options, int stepsPerEpoch) {
    // ND4J frees arrays that a native call still reads if a collection from outside comes between.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    this.options = options;
    this.stepsPerEpoch = stepsPerEpoch;
    model = model(options);
    batches =
        new SplitBatch(
            model, Stream.generate(() -> model(options)).limit(options.threads() - 1).toList());
    model.initialize(RandomSource.XO_SHI_RO_256_PP.create(new long[] {options.seed(), 0, 1, 2}));
    if (options.clip().clips()) {
      options.clip().apply(model);
      model.startWeightSteps();
    }
    sgd = new SgdState(model.master().length, model.steps().length);
    schedule = new OneCycle(options.learningRate(), (long) stepsPerEpoch * options.epochs());
    epsilon = new float[model.master().length];
    faults =
        options.faultRate() > 0
            ? Optional.of(new RandBet(options, model, batches))
            : Optional.empty();
  }

  private static QuantizedModel model(TrainOptions options) {
    return new QuantizedModel(
        options.model().architecture(),
        options.quantizer(),
        options.weightBits(),
        options.activationBits());
  }

  QuantizedModel model() {
    return model;
  }

  SgdState sgd() {
    return sgd;
  }

  /** Trains against faults; empty where it does not. */
  Optional<RandBet> faults() {
    return faults;
  }

  /** The class that the model gives each image of {@code [B, C, H, W]}. */
  int[] predict(INDArray images) {
    return batches.predict(images);
  }

  /** Ends its threads; it cannot be used any more. */
  @Override
  public void close() {
    batches.close();
  }

  /** Begins an epoch, without quantisation where it is one of those; 1 is the first. */
  void enter(int epoch) {
    options.clip().apply(model);
    resume(epoch);
  }

  /** Goes on in an epoch that was begun already, or has just ended. */
  void resume(int epoch) {
    model.setFloating(epoch <= options.floatEpochs());
  }

  /**
   * One update; with SAQ a second pass at the perturbed weights gives the gradient. One under
   * faults adds its own to either.
   *
   * @param step number of the update in the whole training, 0 for the first
   * @param images {@code [B, C, H, W]}
   * @param labels one-hot, {@code [B, classes]}
   * @return the mean cross-entropy before the update, without the penalty
   */
  public double update(long step, INDArray images, INDArray labels) {
    boolean floating = step < (long) options.floatEpochs() * stepsPerEpoch;
    model.setLambda(floating ? 0 : lambda(step));
    double now = batches.pass(images, labels, null);
    if (options.rho() > 0 && !floating) {
      int batch = Math.toIntExact(images.size(0));
      Saq.perturbation(model, options.rho(), options.perturb(), batch, epsilon);
      batches.pass(images, labels, epsilon);
    }
    double[] stepGradients = model.straightThrough(Math.toIntExact(images.size(0)));
    if (faults.isPresent() && !floating) {
      faults.get().add(step, images, labels, now, stepGradients);
    }
    sgd.update(model, stepGradients, schedule.learningRate(step), schedule.momentum(step), options);
    options.clip().apply(model);
    loss += now;
    updates++;
    return now;
  }

  private float lambda(long step) {
    double warmUp = options.lambdaWarmupEpochs() * stepsPerEpoch;
    double since = step - (double) options.floatEpochs() * stepsPerEpoch;
    return (float) (options.lambda() * (since < warmUp ? since / warmUp : 1));
  }

  /**
   * Everything that a copy of this one needs to go on, as numbers whose mean over copies means
   * something: master weights, steps (0 where still to be found) and running statistics; then, for
   * those who watch, the zero fraction of each hidden layer and the mean loss since {@link #load}.
   */
  public ReplicaState state() {
    var state = new ReplicaState(new double[stateLength()], new double[stateLength()]);
    var parameters = new Cursor(state.parameters());
    parameters.write(model.master());
    parameters.write(model.steps());
    model.statistics().forEach(parameters::write);
    for (var q : model.activationQuantizers()) {
      parameters.write(q.zeroFraction());
    }
    parameters.write(updates == 0 ? 0 : loss / updates);
    var momentum = new Cursor(state.momentum());
    momentum.write(sgd.velocity());
    for (double v : sgd.stepVelocity()) {
      momentum.write(v);
    }
    return state;
  }

  /** Becomes a copy of the network that this is the state of, before an update of that number. */
  public void load(ReplicaState state, long step) {
    enter((int) (step / stepsPerEpoch) + 1);
    var parameters = new Cursor(state.parameters());
    parameters.read(model.master());
    var steps = new float[model.steps().length];
    parameters.read(steps);
    model.setSteps(steps);
    model.statistics().forEach(parameters::read);
    var momentum = new Cursor(state.momentum());
    momentum.read(sgd.velocity());
    for (int i = 0; i < sgd.stepVelocity().length; i++) {
      sgd.stepVelocity()[i] = momentum.read();
    }
    model.activationQuantizers().forEach(q -> q.resetCounts());
    loss = 0;
    updates = 0;
  }

  /** The zero fraction of each hidden layer that a state tells of. */
  double[] zeroFractions(ReplicaState state) {
    int end = stateLength() - 1;
    int layers = model.activationQuantizers().size();
    return Arrays.copyOfRange(state.parameters(), end - layers, end);
  }

  /** The mean loss that a state tells of. */
  double meanLoss(ReplicaState state) {
    return state.parameters()[stateLength() - 1];
  }

  /** The length of both parts of a state; momentum, which has less to say, ends in zeros. */
  public int stateLength() {
    int statistics = model.statistics().stream().mapToInt(s -> s.length).sum();
    return model.master().length
        + model.steps().length
        + statistics
        + model.activationQuantizers().size()
        + 1;
  }

  /** Moves through an array of numbers. */
  private static final class Cursor {
    private final double[] values;
    private int next;

    Cursor(double[] values) {
      this.values = values;
    }

    double read() {
      return values[next++];
    }

    void read(float[] target) {
      for (int i = 0; i < target.length; i++) {
        target[i] = (float) read();
      }
    }

    void write(double value) {
      values[next++] = value;
    }

    void write(float[] source) {
      for (float v : source) {
        write(v);
      }
    }
  }
}
