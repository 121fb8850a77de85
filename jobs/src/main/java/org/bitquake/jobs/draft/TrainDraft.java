package org.bitquake.jobs.draft;

import java.util.Arrays;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.quant.Quantizer;
import org.bitquake.train.KnownModel;

/**
 * A training of networks like one at hand: standard, activation-sparse, sharpness-aware, and both.
 *
 * @param directory of the data set, as the file names it; empty for what travels with bitquake
 */
record TrainDraft(DraftText text, Subject subject, Optional<String> directory) {
  private static final double RHO = 0.3;

  void write() {
    var model = model();
    String name = model.label();
    text.comment(Text.of("Four %s: standard, activation-sparse (as),", model.title()))
        .comment("and each with sharpness-aware quantisation (saq).");
    subject
        .dataset()
        .ifPresent(set -> text.comment("Needs the training set: bitquake data fetch " + set));
    text.key("model", name);
    width(model).ifPresent(w -> text.key("width", w));
    text.key("seed", "1");
    text.key("data", subject.data(directory));
    settings(model);
    text.key("networks", "");
    boolean start = model != KnownModel.LENET5;
    String from = ", from: " + name + "-start";
    if (start) {
      text.element(Text.of("{name: %s-start}", name));
    }
    String lambda = ", lambda: " + lambda(model);
    String rho = ", rho: " + RHO;
    text.element(Text.of("{name: %s-standard%s}", name, start ? from : ""))
        .element(Text.of("{name: %s-as%s%s}", name, lambda, start ? from : ""))
        .element(
            Text.of(
                "{name: %s-saq%s%s}", name, rho, start ? from : ", from: " + name + "-standard"))
        .element(
            Text.of(
                "{name: %s-as-saq%s%s%s}",
                name, lambda, rho, start ? from : ", from: " + name + "-as"))
        .key("output", "networks")
        .off("mode", "spark");
  }

  /** What it is trained with, and is written only for changing. */
  private void settings(KnownModel model) {
    var defaults = model.defaults(false);
    text.off("epochs", "" + defaults.epochs())
        .off("learningRate", "" + defaults.learningRate())
        .off("weightDecay", "" + defaults.weightDecay())
        .off("quantizer", Quantizer.MSE.label())
        .key("weightBits", setting("weightBits", subject.topBit() + 1))
        .off("activationBits", "4");
  }

  private String setting(String key, int otherwise) {
    return subject.largest().provenance().getOrDefault(key, "" + otherwise);
  }

  /** Weight of the penalty that makes networks of this shape sparse without ruining them. */
  private static String lambda(KnownModel model) {
    return switch (model) {
      case LENET5, VGG11 -> "1.0e-4";
      case MOBILENET -> "5.0e-5";
      case RESNET18 -> "2.0e-5";
    };
  }

  /** That of the network, or a small one for its images. */
  private KnownModel model() {
    String architecture = subject.largest().provenance().getOrDefault("architecture", "");
    return Arrays.stream(KnownModel.values())
        .filter(model -> model.title().equals(architecture))
        .findFirst()
        .orElse(
            subject.largest().inputShape().channels() == 1
                ? KnownModel.LENET5
                : KnownModel.RESNET18);
  }

  private Optional<String> width(KnownModel model) {
    var width = Optional.ofNullable(subject.largest().provenance().get("width"));
    return model.standardWidth().isEmpty() ? Optional.empty() : width.or(() -> Optional.of("8"));
  }
}
