package org.bitquake.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.BuildInfo;
import org.bitquake.data.Dataset;
import org.bitquake.network.ParameterSource.Parameters;
import org.bitquake.network.QuantizedNetwork;

/** What a trained network says of its origin. */
final class NetworkExport {
  static final float PIXEL_STEP = 1 / 255f;

  static final List<String> SETTINGS =
      List.of(
          "architecture",
          "width",
          "trained.on.sha256",
          "from.sha256",
          "seed",
          "epochs",
          "floatEpochs",
          "batch",
          "augment",
          "learningRate",
          "stepLearningRate",
          "nesterov",
          "weightDecay",
          "lambda",
          "lambdaWarmupEpochs",
          "rho",
          "clip",
          "faultRate",
          "faultThreshold",
          "perturb",
          "quantizer",
          "weightBits",
          "activationBits",
          "mode",
          "workers",
          "averagingFrequency",
          "threads");

  private NetworkExport() {}

  /** What layer {@code l} of the integer network holds. */
  static Parameters parameters(QuantizedModel model, int l) {
    var folded = Folded.of(model, l);
    return new Parameters(model.codes(l), folded.bias(), folded.scale(), model.activation(l));
  }

  static Map<String, String> provenance(
      TrainOptions options,
      Optional<QuantizedNetwork> from,
      Dataset train,
      Optional<Averaging> averaging) {
    var facts = new TreeMap<String, String>();
    facts.put("architecture", options.model().title());
    options.model().width().ifPresent(w -> facts.put("width", Integer.toString(w)));
    facts.put("trained.by", "bitquake " + BuildInfo.version());
    facts.put("trained.on", train.name());
    facts.put("trained.on.images", Integer.toString(train.size()));
    facts.put("trained.on.sha256", train.sha256());
    from.ifPresent(
        network -> {
          facts.put("from", network.name());
          facts.put("from.sha256", network.contentHash());
        });
    facts.put("seed", Long.toString(options.seed()));
    facts.put("epochs", Integer.toString(options.epochs()));
    facts.put("batch", Integer.toString(options.batch()));
    facts.put("learningRate", Double.toString(options.learningRate()));
    facts.put("weightDecay", Double.toString(options.weightDecay()));
    facts.put("lambda", Double.toString(options.lambda()));
    facts.put("lambdaWarmupEpochs", Double.toString(options.lambdaWarmupEpochs()));
    facts.put("rho", Double.toString(options.rho()));
    facts.put("quantizer", options.quantizer().label());
    facts.put("weightBits", Integer.toString(options.weightBits()));
    facts.put("activationBits", Integer.toString(options.activationBits()));
    // Left out where they are what networks had before there was a choice.
    if (options.floatEpochs() > 0) {
      facts.put("floatEpochs", Integer.toString(options.floatEpochs()));
    }
    if (options.augment()) {
      facts.put("augment", "crop, mirror");
    }
    if (options.nesterov()) {
      facts.put("nesterov", "true");
    }
    if (options.stepLearningRate() != 1) {
      facts.put("stepLearningRate", Double.toString(options.stepLearningRate()));
    }
    if (options.clip().clips()) {
      facts.put("clip", options.clip().toString());
    }
    if (options.faultRate() > 0) {
      facts.put("faultRate", Double.toString(options.faultRate()));
      facts.put("faultThreshold", Double.toString(options.faultThreshold()));
    }
    if (options.rho() > 0 && options.perturb() != SaqScope.WEIGHTS) {
      facts.put("perturb", options.perturb().label());
    }
    if (options.threads() > 1) {
      facts.put("threads", Integer.toString(options.threads()));
    }
    averaging.ifPresent(
        a -> {
          facts.put("mode", "spark");
          facts.put("workers", Integer.toString(a.workers()));
          facts.put("averagingFrequency", Integer.toString(a.frequency()));
        });
    facts.put("java", System.getProperty("java.version"));
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return facts;
  }
}
