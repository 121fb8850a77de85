package org.bitquake.train;

import java.io.Serializable;
import java.util.OptionalInt;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.quant.Quantizer;

/**
 * How one network is trained.
 *
 * @param name of the network
 * @param model its architecture
 * @param seed of the order of the images and, without a network to start from, the initial weights
 * @param epochs passes over the training images
 * @param floatEpochs so many of them, the first, train without quantisation, penalty and SAQ
 * @param batch images a step; a last incomplete batch of an epoch is left out
 * @param augment whether training images are cropped and mirrored at random
 * @param learningRate peak of the one-cycle schedule
 * @param stepLearningRate factor on it for learned steps
 * @param nesterov whether momentum is Nesterov's
 * @param weightDecay L2 decay of weights, biases and normalisation; steps do not decay
 * @param lambda weight of the L1 penalty λ·(1/B)·Σ|a| over all post-ReLU activations
 * @param lambdaWarmupEpochs λ rises linearly from 0 over this many epochs, after the float ones
 * @param rho radius ρ of SAQ's perturbation of the quantised weights; 0 trains without SAQ
 * @param quantizer how step sizes are chosen
 * @param clip where master weights are clipped
 * @param faultRate of flipped memory cells, under which a second gradient is computed ({@link
 *     RandBet}); 0 trains without
 * @param faultThreshold so large a share of the loss of guessing must not be exceeded for that
 * @param perturb what SAQ perturbs
 * @param threads parts of each batch that go through the network at once ({@link SplitBatch})
 */
public record TrainOptions(
    String name,
    Model model,
    long seed,
    int epochs,
    int floatEpochs,
    int batch,
    boolean augment,
    double learningRate,
    double stepLearningRate,
    boolean nesterov,
    double weightDecay,
    double lambda,
    double lambdaWarmupEpochs,
    double rho,
    Quantizer quantizer,
    int weightBits,
    int activationBits,
    WeightClip clip,
    double faultRate,
    double faultThreshold,
    SaqScope perturb,
    int threads)
    implements Serializable {
  /** Parts of a batch, at most. */
  public static final int MOST_THREADS = 64;

  /** Images that have statistics. */
  private static final int LEAST_PART = 8;

  /** Mid-rise weights of b bits are integers of b + 1, and those have 8 at most. */
  private static final int MOST_LIQ_BITS = 7;

  /** Without clipped weights and faults, and with SAQ that perturbs weights alone. */
  public TrainOptions(
      String name,
      Model model,
      long seed,
      int epochs,
      int floatEpochs,
      int batch,
      boolean augment,
      double learningRate,
      double stepLearningRate,
      boolean nesterov,
      double weightDecay,
      double lambda,
      double lambdaWarmupEpochs,
      double rho,
      Quantizer quantizer,
      int weightBits,
      int activationBits) {
    this(
        name,
        model,
        seed,
        epochs,
        floatEpochs,
        batch,
        augment,
        learningRate,
        stepLearningRate,
        nesterov,
        weightDecay,
        lambda,
        lambdaWarmupEpochs,
        rho,
        quantizer,
        weightBits,
        activationBits,
        WeightClip.NONE,
        0,
        TrainDefaults.FAULT_THRESHOLD,
        SaqScope.WEIGHTS,
        1);
  }

  public TrainOptions {
    require(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"), name, "name", "letters, digits, . _ -");
    require(epochs >= 1, name, "epochs", "at least 1");
    require(
        floatEpochs >= 0 && floatEpochs < epochs, name, "floatEpochs", "at least 0, below epochs");
    require(batch >= 1, name, "batch", "at least 1");
    require(threads >= 1 && threads <= MOST_THREADS, name, "threads", "1 to " + MOST_THREADS);
    require(
        threads == 1 || batch / threads >= LEAST_PART,
        name,
        "threads",
        Text.of("at most %d with a batch of %d", Math.max(1, batch / LEAST_PART), batch));
    require(learningRate > 0 && learningRate <= 10, name, "learningRate", "in (0, 10]");
    require(stepLearningRate > 0 && stepLearningRate <= 1, name, "stepLearningRate", "in (0, 1]");
    require(weightDecay >= 0 && weightDecay < 1, name, "weightDecay", "in [0, 1)");
    require(lambda >= 0 && lambda <= 1, name, "lambda", "in [0, 1]");
    require(
        lambdaWarmupEpochs >= 0 && lambdaWarmupEpochs <= epochs,
        name,
        "lambdaWarmupEpochs",
        "between 0 and epochs");
    require(rho >= 0 && rho <= 10, name, "rho", "in [0, 10]");
    require(weightBits >= 2 && weightBits <= 8, name, "weightBits", "between 2 and 8");
    require(activationBits >= 2 && activationBits <= 8, name, "activationBits", "between 2 and 8");
    require(faultRate >= 0 && faultRate < 1, name, "faultRate", "in [0, 1)");
    require(faultThreshold > 0 && faultThreshold <= 10, name, "faultThreshold", "in (0, 10]");
    if (quantizer == Quantizer.LIQ) {
      require(faultRate == 0, name, "faultRate", "0 with quantizer liq");
      require(
          weightBits <= MOST_LIQ_BITS, name, "weightBits", "between 2 and 7 with quantizer liq");
      if (!model.isNormalised()) {
        throw new InputException(
            Text.of(
                "network %s: quantizer liq normalises weights, which takes a %s with normalise: true",
                name, model.title()));
      }
    }
  }

  /**
   * An architecture.
   *
   * @param name {@code lenet5}, {@code resnet18}, {@code vgg11} or {@code mobilenet}
   * @param width channels of the first convolution, the published one if empty; always empty for
   *     LeNet-5, which has no choice
   * @param classes that it tells apart
   * @param normalise whether LeNet-5 has batch normalisation; always false for the others, which
   *     have it anyway
   */
  public record Model(String name, OptionalInt width, int classes, boolean normalise)
      implements Serializable {
    public static final String LENET5 = "lenet5";

    /** Classes where the data do not say otherwise. */
    public static final int CLASSES = 10;

    public static final int MAX_WIDTH = 512;

    /** The same for ten classes. */
    public Model(String name, OptionalInt width) {
      this(name, width, CLASSES);
    }

    /** The same as published. */
    public Model(String name, OptionalInt width, int classes) {
      this(name, width, classes, false);
    }

    /**
     * @throws InputException if there is no such model, or not of that width or for so many classes
     */
    public Model {
      if (classes < 2 || classes > Dataset.MAX_CLASSES) {
        throw new InputException(
            Text.of("model %s for %d classes: use 2 to %d", name, classes, Dataset.MAX_CLASSES));
      }
      if (known(name).standardWidth().isEmpty()) {
        if (width.isPresent()) {
          throw new InputException(Text.of("model %s has one width only; leave width out", name));
        }
      } else {
        if (normalise) {
          throw new InputException(
              Text.of("model %s has batch normalisation anyway; leave normalise out", name));
        }
        width = OptionalInt.of(width.orElse(known(name).standardWidth().getAsInt()));
        if (width.getAsInt() < 1 || width.getAsInt() > MAX_WIDTH) {
          throw new InputException(
              Text.of("a %s of width %d: use 1 to %d", name, width.getAsInt(), MAX_WIDTH));
        }
      }
    }

    private static KnownModel known(String name) {
      return KnownModel.of(name)
          .orElseThrow(
              () ->
                  new InputException(
                      Text.of("unknown model \"%s\"; known: %s", name, KnownModel.labels())));
    }

    /** For people and provenance. */
    public String title() {
      return known(name).title() + (normalise ? " with batch normalisation" : "");
    }

    /** Whether there is batch normalisation in it. */
    public boolean isNormalised() {
      return normalise || known(name).standardWidth().isPresent();
    }

    /** How it is trained where nothing else is asked for. */
    public TrainDefaults defaults(boolean goesOn) {
      return known(name).defaults(goesOn);
    }

    /** Shape of the images that it takes, {@code [C, H, W]}. */
    public Shape imageShape() {
      return architecture().inputShape();
    }

    Architecture architecture() {
      return known(name).architecture(width, classes, normalise);
    }

    /** Travels as plain values. */
    private Object writeReplace() {
      return new Plain(name, width.isPresent(), width.orElse(0), classes, normalise);
    }

    private record Plain(String name, boolean hasWidth, int width, int classes, boolean normalise)
        implements Serializable {
      private Object readResolve() {
        var channels = hasWidth ? OptionalInt.of(width) : OptionalInt.empty();
        return new Model(name, channels, classes, normalise);
      }
    }

    public static Model lenet5() {
      return new Model(LENET5, OptionalInt.empty());
    }

    /** A model of some width. */
    public static Model of(String name, int width) {
      return new Model(name, OptionalInt.of(width));
    }
  }

  /** The same for images of so many classes. */
  public TrainOptions withClasses(int classes) {
    return with(new Model(model.name(), model.width(), classes, model.normalise()), threads);
  }

  /** The same on so many threads. */
  public TrainOptions withThreads(int count) {
    return with(model, count);
  }

  private TrainOptions with(Model its, int count) {
    return new TrainOptions(
        name,
        its,
        seed,
        epochs,
        floatEpochs,
        batch,
        augment,
        learningRate,
        stepLearningRate,
        nesterov,
        weightDecay,
        lambda,
        lambdaWarmupEpochs,
        rho,
        quantizer,
        weightBits,
        activationBits,
        clip,
        faultRate,
        faultThreshold,
        perturb,
        count);
  }

  /** The gradients that each update computes, once quantised: the work of a step. */
  public int gradients() {
    return 1 + (rho > 0 ? 1 : 0) + (faultRate > 0 ? 1 : 0);
  }

  private static void require(boolean holds, String name, String key, String allowed) {
    if (!holds) {
      throw new InputException(Text.of("network %s: %s must be %s", name, key, allowed));
    }
  }
}
