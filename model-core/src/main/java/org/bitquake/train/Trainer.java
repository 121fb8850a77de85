package org.bitquake.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;

/**
 * Trains one quantised network: straight-through quantisation-aware training, with L1 activation
 * sparsity where λ &gt; 0, sharpness-aware quantisation (SAQ, arXiv 2111.12273) where ρ &gt; 0,
 * clipped weights and random bit errors ({@link RandBet}) where they are asked for.
 *
 * <p>On one native thread ({@code OMP_NUM_THREADS=1}) of one kind of processor the same options,
 * {@link TrainOptions#threads} among them, and data give the same network.
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
  private final Optional<AveragedEpochs> workers;
  private final int stepsPerEpoch;
  private final Replica replica;
  private final QuantizedModel model;
  private final CollapseGuard guard;
  private final List<String> hiddenLayers;
  private List<Double> zeroFractions = List.of();

  private Trainer(
      TrainOptions options,
      Optional<QuantizedNetwork> from,
      Dataset train,
      Dataset test,
      Optional<AveragedEpochs> workers) {
    this.options = options;
    this.from = from;
    this.train = train;
    this.test = test;
    this.workers = workers;
    stepsPerEpoch = train.size() / options.batch();
    replica = new Replica(options, stepsPerEpoch);
    model = replica.model();
    from.ifPresent(network -> WarmStart.load(model, network, train));
    guard = new CollapseGuard(options);
    hiddenLayers =
        model.architecture().layers().stream()
            .filter(layer -> layer.outputStep().isPresent())
            .map(LayerPlan::name)
            .toList();
  }

  /**
   * Trains a network, in the calling thread.
   *
   * @param from the network whose weights, biases and steps training starts from; empty for random
   *     weights
   * @param checkpoint written after every tenth of an epoch, read at the start where it exists,
   *     left to the caller to delete; empty for none
   * @param listener told after every step and epoch
   * @throws InputException if the data or {@code from} do not fit, or the network collapses
   */
  public static QuantizedNetwork train(
      TrainOptions options,
      Optional<QuantizedNetwork> from,
      Dataset train,
      Dataset test,
      Optional<Path> checkpoint,
      TrainingListener listener) {
    return train(options, from, train, test, checkpoint, listener, Optional.empty());
  }

  /**
   * The same on workers whose parameters are averaged; the checkpoint is written after every epoch.
   *
   * @param workers empty to train in the calling thread
   */
  public static QuantizedNetwork train(
      TrainOptions options,
      Optional<QuantizedNetwork> from,
      Dataset train,
      Dataset test,
      Optional<Path> checkpoint,
      TrainingListener listener,
      Optional<AveragedEpochs> workers) {
    var architecture = options.model().architecture();
    var shape = architecture.inputShape();
    if (!shape.equals(train.shape()) || !shape.equals(test.shape())) {
      throw new InputException(
          Text.of(
              "%s reads %s images, but %s holds %s",
              architecture.title(), shape, train.name(), train.shape()));
    }
    if (from.isPresent() && options.floatEpochs() > 0) {
      throw new InputException(
          Text.of(
              "network %s starts from %s, which is quantised: leave floatEpochs out",
              options.name(), from.get().name()));
    }
    if (train.size() < options.batch()) {
      throw new InputException(
          Text.of(
              "%s holds %d images, fewer than one batch of %d",
              train.name(), train.size(), options.batch()));
    }
    try {
      var trainer = new Trainer(options, from, train, test, workers);
      try {
        return trainer.run(checkpoint, listener);
      } finally {
        trainer.replica.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a network that is trained so will say of its origin. */
  public static Map<String, String> provenance(
      TrainOptions options,
      Optional<QuantizedNetwork> from,
      Dataset train,
      Optional<Averaging> averaging) {
    return NetworkExport.provenance(options, from, train, averaging);
  }

  private QuantizedNetwork run(Optional<Path> file, TrainingListener listener) throws IOException {
    var checkpoint = file.map(f -> new Checkpoint(f, run()));
    var reached = Reached.NOTHING;
    if (checkpoint.isPresent() && checkpoint.get().exists()) {
      reached = checkpoint.get().read(replica);
      replica.resume(reached.steps() > 0 ? reached.epochs() + 1 : reached.epochs());
      listener.resumed(reached.epochs(), reached.steps(), stepsPerEpoch);
    }
    while (reached.epochs() < options.epochs()) {
      int epoch = reached.epochs() + 1;
      if (reached.steps() == 0) {
        replica.enter(epoch);
      }
      double loss =
          workers.isPresent()
              ? averagedEpoch(epoch, workers.get(), listener)
              : epoch(reached, checkpoint, listener);
      guard.checkEpoch(epoch, (long) epoch * stepsPerEpoch, loss, train.classes());
      reached = Reached.after(epoch);
      if (checkpoint.isPresent()) {
        checkpoint.get().write(reached, replica);
      }
      listener.epoch(report(epoch, loss));
    }
    return model.architecture().export(model, options.name(), provenance());
  }

  private Map<String, String> provenance() {
    return provenance(options, from, train, workers.map(AveragedEpochs::averaging));
  }

  /** What must agree for a checkpoint to be used again. */
  private String run() {
    String start = from.map(QuantizedNetwork::contentHash).orElse("random weights");
    String averaging = workers.map(w -> " " + w.averaging()).orElse("");
    return options + " " + start + " " + train.sha256() + averaging;
  }

  /** The rest of an epoch, written down after every tenth; its end is the caller's. */
  private double epoch(Reached from, Optional<Checkpoint> checkpoint, TrainingListener listener)
      throws IOException {
    int epoch = from.epochs() + 1;
    int[] order = Batches.order(train.size(), options.seed(), epoch);
    var augmentation =
        options.augment()
            ? Optional.of(new Augmentation(options.seed(), epoch))
            : Optional.<Augmentation>empty();
    augmentation.ifPresent(a -> a.skip((long) from.steps() * options.batch()));
    var batches = new Batches(train, options.batch());
    double sum = from.losses();
    for (int s = from.steps(); s < stepsPerEpoch; s++) {
      batches.load(order, s * options.batch(), augmentation);
      long step = (epoch - 1L) * stepsPerEpoch + s;
      double loss = replica.update(step, batches.images(), batches.labels());
      guard.checkStep(epoch, loss);
      sum += loss;
      if (s % CHECK_EVERY == CHECK_EVERY - 1 || s == stepsPerEpoch - 1) {
        zeroFractions = model.activationQuantizers().stream().map(q -> q.zeroFraction()).toList();
        guard.checkActivations(epoch, hiddenLayers, zeroFractions);
        if (s + CHECK_EVERY < stepsPerEpoch) {
          model.activationQuantizers().forEach(q -> q.resetCounts());
        }
      }
      if (checkpoint.isPresent() && s + 1 < stepsPerEpoch && tenths(s + 1) > tenths(s)) {
        checkpoint.get().write(new Reached(epoch - 1, s + 1, sum), replica);
      }
      listener.step(epoch, s + 1, stepsPerEpoch);
    }
    return sum / stepsPerEpoch;
  }

  /** Tenths of an epoch that are over after so many updates. */
  private long tenths(int steps) {
    return 10L * steps / stepsPerEpoch;
  }

  private double averagedEpoch(int epoch, AveragedEpochs workers, TrainingListener listener) {
    var watch = new Watch(epoch, workers.averaging().frequency(), listener);
    var end = workers.run(epoch, stepsPerEpoch, replica.state(), watch::look);
    replica.load(end, (long) epoch * stepsPerEpoch - 1);
    return watch.loss / stepsPerEpoch;
  }

  /** Looks after an epoch that runs elsewhere, as the local one is looked after. */
  private final class Watch {
    private final int epoch;
    private final int frequency;
    private final TrainingListener listener;
    private final double[] zeros = new double[hiddenLayers.size()];
    private int steps;
    private int window;
    private double loss;

    Watch(int epoch, int frequency, TrainingListener listener) {
      this.epoch = epoch;
      this.frequency = frequency;
      this.listener = listener;
    }

    void look(ReplicaState state) {
      int since = Math.min(frequency, stepsPerEpoch - steps);
      double mean = replica.meanLoss(state);
      guard.checkStep(epoch, mean);
      loss += since * mean;
      steps += since;
      window += since;
      double[] fractions = replica.zeroFractions(state);
      for (int l = 0; l < zeros.length; l++) {
        zeros[l] += since * fractions[l];
      }
      if (window >= CHECK_EVERY || steps == stepsPerEpoch) {
        zeroFractions = Arrays.stream(zeros).mapToObj(z -> z / window).toList();
        guard.checkActivations(epoch, hiddenLayers, zeroFractions);
        Arrays.fill(zeros, 0);
        window = 0;
      }
      listener.step(epoch, steps, stepsPerEpoch);
    }
  }

  private EpochReport report(int epoch, double loss) {
    var report = new EpochReport(epoch, options.epochs(), loss, accuracy(), zeroFractions);
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
      int[] predicted = replica.predict(testBatches.images());
      for (int i = 0; i < size; i++) {
        correct += predicted[i] == test.label(from + i) ? 1 : 0;
      }
      seen += size;
    }
    return (double) correct / seen;
  }
}
