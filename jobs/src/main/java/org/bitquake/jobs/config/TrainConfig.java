package org.bitquake.jobs.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BinaryOperator;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Datasets;
import org.bitquake.data.format.DataFormat;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.picture.Channels;
import org.bitquake.data.picture.Size;
import org.bitquake.quant.Quantizer;
import org.bitquake.train.Averaging;
import org.bitquake.train.KnownModel;
import org.bitquake.train.SaqScope;
import org.bitquake.train.TrainDefaults;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.WeightClip;

/**
 * What to train, as its YAML file describes it: settings shared by all networks, and a list of
 * networks that differ in penalty, sharpness, quantiser or seed.
 *
 * <p>What depends on the model, and on whether a network goes on from another, is {@link
 * TrainDefaults}' to say.
 */
public record TrainConfig(
    @Key(
            value = "what all networks are like",
            byDefault = TrainOptions.Model.LENET5,
            labels = KnownModel.class)
        String model,
    @Key(
            value = "channels of the first convolution; LeNet-5 has no choice",
            otherwise = "as published",
            least = 1,
            most = TrainOptions.Model.MAX_WIDTH)
        Optional<Integer> width,
    @Key(
            value = "whether LeNet-5 has batch normalisation; the other models have it anyway",
            otherwise = "false for LeNet-5")
        Optional<Boolean> normalise,
    @Key(value = "of initial weights and image order", byDefault = Defaults.SEED) long seed,
    @Key("the training set; its test split measures accuracy") DataEntry data,
    @Key(value = "passes over the training images", otherwise = MEASURED, least = 1)
        Optional<Integer> epochs,
    @Key(value = "images of a step", byDefault = "" + TrainDefaults.BATCH, least = 1) int batch,
    @Key(value = "whether training images are cropped and mirrored at random", otherwise = MEASURED)
        Optional<Boolean> augment,
    @Key(value = "peak of the one-cycle schedule", otherwise = MEASURED, above = 0, most = 10)
        Optional<Double> learningRate,
    @Key(
            value = "factor on the learning rate for learned steps",
            otherwise = MEASURED + "; with liq so that their peak is 0.01",
            above = 0,
            most = 1)
        Optional<Double> stepLearningRate,
    @Key(value = "whether momentum is Nesterov's", otherwise = MEASURED) Optional<Boolean> nesterov,
    @Key(
            value = "L2 decay of weights, biases and normalisation",
            otherwise = MEASURED,
            least = 0,
            below = 1)
        Optional<Double> weightDecay,
    @Key(
            value = "over which λ rises from 0; no more than epochs",
            unit = "epochs",
            byDefault = "" + TrainDefaults.LAMBDA_WARMUP_EPOCHS,
            least = 0)
        double lambdaWarmupEpochs,
    @Key(
            value =
                "how step sizes are chosen: learned, of the largest value, of least error, or of a"
                    + " learned clip over mid-rise codes",
            byDefault = TrainDefaults.QUANTIZER,
            labels = Quantizer.class)
        String quantizer,
    @Key(
            value = "memory cells of a weight",
            unit = "bits",
            byDefault = "" + TrainDefaults.WEIGHT_BITS,
            least = 2,
            most = 8)
        int weightBits,
    @Key(
            value = "of an activation",
            unit = "bits",
            byDefault = "" + TrainDefaults.ACTIVATION_BITS,
            least = 2,
            most = 8)
        int activationBits,
    @Key(
            value =
                "parts of a batch that go through a network at once, each on a core; in mode local",
            byDefault = "1",
            least = 1,
            most = TrainOptions.MOST_THREADS)
        int threads,
    @Key("the networks, at least one") List<NetworkEntry> networks,
    @Key("folder of the networks, relative to the working directory") String output,
    @Key(
            value =
                "on the driver, or on Spark's executors (all but networks with SAQ or faultRate)",
            byDefault = LOCAL,
            words = {LOCAL, SPARK})
        String mode,
    @Key(
            value = "in mode spark: copies of a network that train at once; divides batch",
            otherwise = Averaging.DEFAULT_WORKERS + " in mode spark",
            least = 1,
            most = Averaging.MOST)
        Optional<Integer> workers,
    @Key(
            value = "in mode spark: updates between two averages of the copies",
            otherwise = Averaging.DEFAULT_FREQUENCY + " in mode spark",
            least = 1,
            most = Averaging.MOST)
        Optional<Integer> averagingFrequency) {
  /** Where a default depends on the model. */
  static final String MEASURED = "by model (conf/README.md)";

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
    checkQuantizer("quantizer", quantizer);
    Map<String, String> quantizers = new HashMap<>();
    for (int i = 0; i < networks.size(); i++) {
      var its = networks.get(i);
      String own = its.quantizer().orElse(quantizer);
      if (its.from().isPresent()) {
        checkFrom(Text.of("networks[%d].from", i), its.from().get(), own, quantizers);
      }
      if (quantizers.put(its.name(), own) != null) {
        throw new InvalidValue(Text.of("networks[%d].name", i), its.name() + " is here twice");
      }
    }
    check("model", () -> model(model, Optional.empty(), false));
    check("width", () -> model(model, width, false));
    check("normalise", () -> model(model, width, normalise.orElse(false)));
    checkMode(mode, workers, averagingFrequency, batch);
    if (threads > 1 && mode.equals(SPARK)) {
      throw new InvalidValue(
          "threads", Text.of("has a meaning in mode %s only; leave it out", LOCAL));
    }
  }

  /**
   * A network goes on from one further up whose weights have codes of the same kind.
   *
   * @param quantizers of the networks further up
   */
  private static void checkFrom(
      String key, String from, String quantizer, Map<String, String> quantizers) {
    String other = quantizers.get(from);
    if (other == null) {
      throw new InvalidValue(key, Text.of("no network %s further up in the list", from));
    }
    String liq = Quantizer.LIQ.label();
    if (quantizer.equals(liq) != other.equals(liq)) {
      throw new InvalidValue(
          key,
          Text.of(
              "%s trains with quantizer %s, this one with %s: codes of %s are of another kind, so"
                  + " give it a start of its own",
              from, other, quantizer, liq));
    }
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
    return mode.equals(SPARK)
        ? Optional.of(averaging(workers, averagingFrequency))
        : Optional.empty();
  }

  private static void check(String key, Runnable check) {
    try {
      check.run();
    } catch (InputException e) {
      throw new InvalidValue(key, e.getMessage());
    }
  }

  private static TrainOptions.Model model(String name, Optional<Integer> width, boolean normalise) {
    return new TrainOptions.Model(
        name,
        width.map(OptionalInt::of).orElse(OptionalInt.empty()),
        TrainOptions.Model.CLASSES,
        normalise);
  }

  /** Images to train on, and others that measure accuracy. */
  public record DataEntry(
      @Key(
              value = DataSource.NAME,
              otherwise = "what lies at path",
              words = {Datasets.FASHION_MNIST, Datasets.CIFAR_10, Datasets.CIFAR_100})
          Optional<String> name,
      @Key(value = DataSource.PATH, otherwise = "the data set of that name") Optional<String> path,
      @Key(
              value = "as path, the images that measure accuracy",
              otherwise = "path has both, called train and test")
          Optional<String> test,
      @Key(value = DataSource.FORMAT, otherwise = DataSource.FOUND_OUT, labels = DataFormat.class)
          Optional<String> format,
      @Key(
              value = DataSource.DIRECTORY,
              otherwise = "an excerpt of 10,000 training images (fashion-mnist)")
          Optional<String> directory,
      @Key(value = DataSource.LABELS, otherwise = DataSource.USUAL) Optional<String> labels,
      @Key(value = DataSource.RESIZE, otherwise = DataSource.AS_STORED, least = 1, most = Size.MOST)
          Optional<PictureSize> resize,
      @Key(value = DataSource.CROP, otherwise = "all of it", least = 1, most = Size.MOST)
          Optional<PictureSize> crop,
      @Key(value = DataSource.CHANNELS, otherwise = DataSource.NO_LOSS, labels = Channels.class)
          Optional<String> channels,
      @Key(value = "on these files, for the networks' origin", otherwise = "none")
          Optional<String> note) {
    public DataEntry {
      DataSource.requireOne(name, path);
      name.ifPresent(n -> Checks.notBlank("name", n));
      path.ifPresent(p -> Checks.notBlank("path", p));
      test.ifPresent(t -> Checks.notBlank("test", t));
      format.ifPresent(f -> Checks.label("format", DataFormat::of, f));
      channels.ifPresent(c -> Checks.label("channels", Channels::of, c));
      DataSource.requirePath(path, "format", format);
      DataSource.requirePath(path, "test", test);
      DataSource.requireName(name, directory);
    }

    /**
     * What is asked for.
     *
     * @param split {@code train} or {@code test}
     * @param beside makes a path of a key and what the configuration says there
     */
    public DataSpec spec(String split, BinaryOperator<String> beside) {
      boolean apart = split.equals(Datasets.TEST) && test.isPresent();
      return new DataSource(
              name,
              apart ? test : path,
              format,
              split,
              directory,
              labels,
              resize,
              crop,
              channels,
              Optional.empty())
          .spec(beside);
    }
  }

  /** One network to train. */
  public record NetworkEntry(
      @Key("its name, and that of its file: letters, digits, . _ -") String name,
      @Key(
              value = "weight λ of the L1 penalty on activations",
              byDefault = "0",
              least = 0,
              most = 1)
          double lambda,
      @Key(value = "radius ρ of SAQ; 0 trains without", byDefault = "0", least = 0, most = 10)
          double rho,
      @Key(
              value =
                  "what SAQ perturbs: the quantised weights, or biases, normalisation and, with"
                      + " liq, activation clips as well",
              otherwise = "weights, where rho is not 0",
              labels = SaqScope.class)
          Optional<String> perturb,
      @Key(value = "for this network alone", otherwise = SHARED, least = 1)
          Optional<Integer> epochs,
      @Key(
              value = "so many epochs, the first, train without quantisation; below epochs",
              byDefault = "0",
              least = 0)
          int floatEpochs,
      @Key(value = "for this network alone", otherwise = SHARED, above = 0, most = 10)
          Optional<Double> learningRate,
      @Key(
              value = "name of a network further up in the list, to go on from",
              otherwise = "random weights")
          Optional<String> from,
      @Key(value = "for this network alone", otherwise = SHARED) Optional<Long> seed,
      @Key(value = "for this network alone", otherwise = SHARED, labels = Quantizer.class)
          Optional<String> quantizer,
      @Key(
              value = "magnitude that weights are kept within, in each layer and after each step",
              otherwise = "they are not",
              above = 0,
              form = ClipSource.OfQuantile.class)
          Optional<ClipSource> clip,
      @Key(
              value =
                  "share of memory cells flipped for a second gradient (RandBET); 0 trains without",
              byDefault = "0",
              least = 0,
              below = 1)
          double faultRate,
      @Key(
              value = "share of the loss of guessing, ln(classes), above which faults wait",
              otherwise = TrainDefaults.FAULT_THRESHOLD + " with faultRate",
              above = 0,
              most = 10)
          Optional<Double> faultThreshold) {
    static final String SHARED = "that of all networks";

    public NetworkEntry {
      quantizer.ifPresent(q -> checkQuantizer("quantizer", q));
      if (faultThreshold.isPresent() && faultRate == 0) {
        throw new InvalidValue("faultThreshold", "has a meaning with faultRate only; leave it out");
      }
      perturb.ifPresent(p -> check("perturb", () -> SaqScope.of(p)));
      if (perturb.isPresent() && rho == 0) {
        throw new InvalidValue("perturb", "has a meaning with rho above 0 only; leave it out");
      }
    }
  }

  /** The options of one network, checked. */
  public TrainOptions options(NetworkEntry network) {
    var chosen = model(model, width, normalise.orElse(false));
    var defaults = chosen.defaults(network.from().isPresent());
    var quantiser = Quantizer.of(network.quantizer().orElse(quantizer));
    double rate = network.learningRate().or(() -> learningRate).orElse(defaults.learningRate());
    return new TrainOptions(
        network.name(),
        chosen,
        network.seed().orElse(seed),
        network.epochs().or(() -> epochs).orElse(defaults.epochs()),
        network.floatEpochs(),
        batch,
        augment.orElse(defaults.augment()),
        rate,
        stepLearningRate.orElse(defaults.stepLearningRate(quantiser, rate)),
        nesterov.orElse(defaults.nesterov()),
        weightDecay.orElse(defaults.weightDecay()),
        network.lambda(),
        lambdaWarmupEpochs,
        network.rho(),
        quantiser,
        weightBits,
        activationBits,
        network.clip().map(ClipSource::clip).orElse(WeightClip.NONE),
        network.faultRate(),
        network.faultThreshold().orElse(TrainDefaults.FAULT_THRESHOLD),
        network.perturb().map(SaqScope::of).orElse(SaqScope.WEIGHTS),
        threads);
  }

  private static void checkQuantizer(String key, String label) {
    check(key, () -> Quantizer.of(label));
  }
}
