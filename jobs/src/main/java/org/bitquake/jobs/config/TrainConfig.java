package org.bitquake.jobs.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.quant.Quantizer;
import org.bitquake.train.Averaging;
import org.bitquake.train.TrainOptions;

/**
 * What to train, as its YAML file describes it: settings shared by all networks, and a list of
 * networks that differ in penalty, sharpness, quantiser or seed.
 *
 * @param model {@code lenet5}, {@code resnet18}, {@code vgg11} or {@code mobilenet}; LeNet-5 if
 *     left out
 * @param width channels of the first convolution, where there is a choice; the published one if
 *     left out
 * @param seed of initial weights and image order, where a network has none of its own
 * @param data the training set; its test split measures accuracy
 * @param epochs passes over the training images
 * @param batch images a step
 * @param augment whether training images are cropped and mirrored at random; not if left out
 * @param learningRate peak of the one-cycle schedule
 * @param stepLearningRate factor on it for learned steps; 1 if left out
 * @param nesterov whether momentum is Nesterov's; not if left out
 * @param weightDecay L2 decay of weights, biases and normalisation
 * @param lambdaWarmupEpochs epochs over which λ rises from 0
 * @param quantizer label of a {@link Quantizer}, where a network has none of its own
 * @param weightBits cells of a weight
 * @param activationBits bits of an activation
 * @param networks at least one, with different names
 * @param output directory of the networks, relative to the working directory
 * @param mode where networks are trained: {@value #LOCAL} on the driver, the default, or {@value
 *     #SPARK} on the executors, all but those with SAQ
 * @param workers in mode spark, copies of the network that train at once
 * @param averagingFrequency in mode spark, updates between two averages of the copies
 */
public record TrainConfig(
    Optional<String> model,
    Optional<Integer> width,
    long seed,
    DataEntry data,
    int epochs,
    int batch,
    Optional<Boolean> augment,
    double learningRate,
    Optional<Double> stepLearningRate,
    Optional<Boolean> nesterov,
    double weightDecay,
    double lambdaWarmupEpochs,
    String quantizer,
    int weightBits,
    int activationBits,
    List<NetworkEntry> networks,
    String output,
    Optional<String> mode,
    Optional<Integer> workers,
    Optional<Integer> averagingFrequency) {
  private static final String LOCAL = "local";
  private static final String SPARK = "spark";

  public TrainConfig {
    if (networks.isEmpty()) {
      throw new InvalidValue("networks", "is empty; give at least one");
    }
    networks = List.copyOf(networks);
    if (output.isBlank()) {
      throw new InvalidValue("output", "is blank");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < networks.size(); i++) {
      String from = networks.get(i).from().orElse(null);
      if (from != null && !names.contains(from)) {
        throw new InvalidValue(
            Text.of("networks[%d].from", i), Text.of("no network %s further up in the list", from));
      }
      if (!names.add(networks.get(i).name())) {
        throw new InvalidValue(
            Text.of("networks[%d].name", i), networks.get(i).name() + " is here twice");
      }
    }
    checkQuantizer("quantizer", quantizer);
    check("model", () -> model(model, Optional.empty()));
    check("width", () -> model(model, width));
    checkMode(mode.orElse(LOCAL), workers, averagingFrequency, batch);
  }

  private static void checkMode(
      String mode, Optional<Integer> workers, Optional<Integer> frequency, int batch) {
    if (!mode.equals(LOCAL) && !mode.equals(SPARK)) {
      throw new InvalidValue(
          "mode", Text.of("unknown mode \"%s\"; known: %s, %s", mode, LOCAL, SPARK));
    }
    if (mode.equals(LOCAL)) {
      workers.ifPresent(w -> onlyOnSpark("workers"));
      frequency.ifPresent(f -> onlyOnSpark("averagingFrequency"));
      return;
    }
    check("averagingFrequency", () -> averaging(Optional.empty(), frequency));
    check(
        workers.isPresent() ? "workers" : "mode",
        () -> averaging(workers, Optional.empty()).share(batch));
  }

  private static void onlyOnSpark(String key) {
    throw new InvalidValue(key, Text.of("has a meaning in mode %s only; leave it out", SPARK));
  }

  private static Averaging averaging(Optional<Integer> workers, Optional<Integer> frequency) {
    return new Averaging(
        workers.orElse(Averaging.DEFAULT_WORKERS), frequency.orElse(Averaging.DEFAULT_FREQUENCY));
  }

  /** How copies of the networks are trained and averaged; empty for training on the driver. */
  public Optional<Averaging> averaging() {
    return mode.filter(SPARK::equals).map(m -> averaging(workers, averagingFrequency));
  }

  private static void check(String key, Runnable check) {
    try {
      check.run();
    } catch (InputException e) {
      throw new InvalidValue(key, e.getMessage());
    }
  }

  private static TrainOptions.Model model(Optional<String> name, Optional<Integer> width) {
    return new TrainOptions.Model(
        name.orElse(TrainOptions.Model.LENET5),
        width.map(OptionalInt::of).orElse(OptionalInt.empty()));
  }

  /**
   * A data set.
   *
   * @param directory that holds its files, relative to the configuration file; left out for the
   *     excerpt that bitquake brings along
   * @param note on these files, such as how a copy differs; joins the name in the networks' origin
   */
  public record DataEntry(String name, Optional<String> directory, Optional<String> note) {
    public DataEntry {
      if (name.isBlank()) {
        throw new InvalidValue("name", "is blank");
      }
    }
  }

  /**
   * One network to train.
   *
   * @param lambda weight of the L1 penalty on activations; 0 if left out
   * @param rho radius of SAQ; 0, no SAQ, if left out
   * @param epochs instead of those of all networks
   * @param floatEpochs so many of them, the first, train without quantisation; 0 if left out
   * @param learningRate instead of that of all networks
   * @param from name of a network further up in the list, to start from; random weights if left out
   */
  public record NetworkEntry(
      String name,
      Optional<Double> lambda,
      Optional<Double> rho,
      Optional<Integer> epochs,
      Optional<Integer> floatEpochs,
      Optional<Double> learningRate,
      Optional<String> from,
      Optional<Long> seed,
      Optional<String> quantizer) {
    public NetworkEntry {
      quantizer.ifPresent(q -> checkQuantizer("quantizer", q));
    }
  }

  /** The options of one network, checked. */
  public TrainOptions options(NetworkEntry network) {
    return new TrainOptions(
        network.name(),
        model(model, width),
        network.seed().orElse(seed),
        network.epochs().orElse(epochs),
        network.floatEpochs().orElse(0),
        batch,
        augment.orElse(false),
        network.learningRate().orElse(learningRate),
        stepLearningRate.orElse(1.0),
        nesterov.orElse(false),
        weightDecay,
        network.lambda().orElse(0.0),
        lambdaWarmupEpochs,
        network.rho().orElse(0.0),
        Quantizer.of(network.quantizer().orElse(quantizer)),
        weightBits,
        activationBits);
  }

  private static void checkQuantizer(String key, String label) {
    check(key, () -> Quantizer.of(label));
  }
}
