package org.bitquake.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains one quantised network: straight-through quantisation-aware training, with L1 activation
 * sparsity where λ &gt; 0 and sharpness-aware quantisation (SAQ, arXiv 2111.12273) where ρ &gt; 0.
 *
 * <p>Train in one thread of a process only: ND4J 1.0.0-M2.1 may free memory in use when another
 * thread allocates. On one native thread ({@code OMP_NUM_THREADS=1}) of one kind of processor the
 * same options and data give the same network.
 */
public final class Trainer {
  private static final int CHECK_EVERY = 50;
  private static final int TEST_BATCH = 500;

  /** Keys of {@link #provenance} that determine the network, given the machine. */
  public static final List<String> SETTINGS = NetworkExport.SETTINGS;

  private final TrainOptions options;
  private final Optional<QuantizedNetwork> from;
  private final Dataset train;
  private final Dataset test;
  private final QuantizedModel model;
  private final SgdState sgd;
  private final Batches batches;
  private final CollapseGuard guard;
  private final OneCycle schedule;
  private final int stepsPerEpoch;
  private final float[] epsilon;
  private final List<String> hiddenLayers;

  private Trainer(
      TrainOptions options, Optional<QuantizedNetwork> from, Dataset train, Dataset test) {
    // ND4J frees arrays that a native call still reads if a collection from outside comes between.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    this.options = options;
    this.from = from;
    this.train = train;
    this.test = test;
    model =
        new QuantizedModel(
            Architecture.of(options.model()),
            options.quantizer(),
            options.weightBits(),
            options.activationBits());
    model.initialize(RandomSource.XO_SHI_RO_256_PP.create(new long[] {options.seed(), 0, 1, 2}));
    from.ifPresent(network -> WarmStart.load(model, network, train));
    sgd = new SgdState(model.master().length, model.steps().length);
    batches = new Batches(train, options.batch());
    guard = new CollapseGuard(options);
    stepsPerEpoch = train.size() / options.batch();
    schedule = new OneCycle(options.learningRate(), (long) stepsPerEpoch * options.epochs());
    epsilon = new float[model.master().length];
    hiddenLayers =
        model.architecture().layers().stream()
            .filter(layer -> layer.outputStep().isPresent())
            .map(LayerPlan::name)
            .toList();
  }

  /**
   * Trains a network.
   *
   * @param from the network whose weights, biases and steps training starts from; empty for random
   *     weights
   * @param checkpoint written after every epoch, read at the start where it exists, left to the
   *     caller to delete; empty for none
   * @param listener told after every epoch
   * @throws InputException if the data or {@code from} do not fit, or the network collapses
   */
  public static QuantizedNetwork train(
      TrainOptions options,
      Optional<QuantizedNetwork> from,
      Dataset train,
      Dataset test,
      Optional<Path> checkpoint,
      Consumer<EpochReport> listener) {
    var architecture = Architecture.of(options.model());
    var shape = architecture.inputShape();
    if (!shape.equals(train.shape()) || !shape.equals(test.shape())) {
      throw new InputException(
          "%s reads %s images, but %s holds %s"
              .formatted(architecture.title(), shape, train.name(), train.shape()));
    }
    if (from.isPresent() && options.floatEpochs() > 0) {
      throw new InputException(
          "network %s starts from %s, which is quantised: leave floatEpochs out"
              .formatted(options.name(), from.get().name()));
    }
    if (train.size() < options.batch()) {
      throw new InputException(
          "%s holds %d images, fewer than one batch of %d"
              .formatted(train.name(), train.size(), options.batch()));
    }
    try {
      return new Trainer(options, from, train, test).run(checkpoint, listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a network that is trained so will say of its origin. */
  public static Map<String, String> provenance(
      TrainOptions options, Optional<QuantizedNetwork> from, Dataset train) {
    return NetworkExport.provenance(options, from, train);
  }

  private QuantizedNetwork run(Optional<Path> file, Consumer<EpochReport> listener)
      throws IOException {
    var checkpoint = file.map(f -> new Checkpoint(f, run()));
    int done =
        checkpoint.isPresent() && checkpoint.get().exists() ? checkpoint.get().read(model, sgd) : 0;
    if (done > 0) {
      model.setFloating(done <= options.floatEpochs());
      listener.accept(report(done, Double.NaN, true));
    }
    for (int epoch = done + 1; epoch <= options.epochs(); epoch++) {
      double loss = epoch(epoch);
      if (checkpoint.isPresent()) {
        checkpoint.get().write(epoch, model, sgd);
      }
      listener.accept(report(epoch, loss, false));
    }
    return model.architecture().export(model, options.name(), provenance(options, from, train));
  }

  /** What must agree for a checkpoint to be used again. */
  private String run() {
    String start = from.map(QuantizedNetwork::contentHash).orElse("random weights");
    return options + " " + start + " " + train.sha256();
  }

  private double epoch(int epoch) {
    int[] order = Batches.order(train.size(), options.seed(), epoch);
    var augmentation =
        options.augment()
            ? Optional.of(new Augmentation(options.seed(), epoch))
            : Optional.<Augmentation>empty();
    boolean floating = epoch <= options.floatEpochs();
    model.setFloating(floating);
    double sum = 0;
    for (int s = 0; s < stepsPerEpoch; s++) {
      batches.load(order, s * options.batch(), augmentation);
      double loss = step((epoch - 1L) * stepsPerEpoch + s, floating);
      guard.checkStep(epoch, loss);
      sum += loss;
      if (s % CHECK_EVERY == CHECK_EVERY - 1 || s == stepsPerEpoch - 1) {
        guard.checkActivations(epoch, hiddenLayers, model.activationQuantizers());
        if (s + CHECK_EVERY < stepsPerEpoch) {
          model.activationQuantizers().forEach(q -> q.resetCounts());
        }
      }
    }
    double mean = sum / stepsPerEpoch;
    guard.checkEpoch(epoch, (long) epoch * stepsPerEpoch, mean, train.classes());
    return mean;
  }

  /** One update; with SAQ a second pass at the perturbed weights gives the gradient. */
  private double step(long step, boolean floating) {
    model.setLambda(floating ? 0 : lambda(step));
    double loss = model.pass(batches.images(), batches.labels(), null);
    if (options.rho() > 0 && !floating) {
      Saq.perturbation(model, options.rho(), epsilon);
      model.pass(batches.images(), batches.labels(), epsilon);
    }
    double[] stepGradients = model.straightThrough(options.batch());
    sgd.update(model, stepGradients, schedule.learningRate(step), schedule.momentum(step), options);
    return loss;
  }

  private float lambda(long step) {
    double warmUp = options.lambdaWarmupEpochs() * stepsPerEpoch;
    double since = step - (double) options.floatEpochs() * stepsPerEpoch;
    return (float) (options.lambda() * (since < warmUp ? since / warmUp : 1));
  }

  private EpochReport report(int epoch, double loss, boolean resumed) {
    var zeros = model.activationQuantizers().stream().map(q -> q.zeroFraction()).toList();
    var report = new EpochReport(epoch, options.epochs(), loss, accuracy(), zeros, resumed);
    model.activationQuantizers().forEach(q -> q.resetCounts());
    return report;
  }

  private double accuracy() {
    int size = Math.min(TEST_BATCH, test.size());
    var testBatches = new Batches(test, size);
    int[] order = IntStream.range(0, test.size()).toArray();
    int correct = 0;
    int seen = 0;
    for (int from = 0; from + size <= test.size(); from += size) {
      testBatches.load(order, from);
      int[] predicted = model.output(testBatches.images()).argMax(1).toIntVector();
      for (int i = 0; i < size; i++) {
        correct += predicted[i] == test.label(from + i) ? 1 : 0;
      }
      seen += size;
    }
    return (double) correct / seen;
  }
}
