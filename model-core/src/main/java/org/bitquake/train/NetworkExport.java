package org.bitquake.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.BuildInfo;
import org.bitquake.data.Dataset;
import org.bitquake.network.Convolution.Activation;
import org.bitquake.network.LayerParameters;
import org.bitquake.network.LeNet5;
import org.bitquake.network.QuantizedNetwork;

/** Turns a trained model into the integer network. */
final class NetworkExport {
  static final float PIXEL_STEP = 1 / 255f;

  static final List<String> SETTINGS =
      List.of(
          "architecture",
          "trained.on.sha256",
          "from.sha256",
          "seed",
          "epochs",
          "batch",
          "learningRate",
          "weightDecay",
          "lambda",
          "lambdaWarmupEpochs",
          "rho",
          "quantizer",
          "weightBits",
          "activationBits");

  private NetworkExport() {}

  static QuantizedNetwork export(
      QuantizedModel model, Map<String, String> provenance, String name) {
    var layers = new ArrayList<LayerParameters>();
    float inputStep = PIXEL_STEP;
    for (int l = 0; l < model.slots().size(); l++) {
      var s = model.slots().get(l);
      var weights = model.weightQuantizers().get(l);
      var activation =
          model.activationQuantizers().stream()
              .skip(l)
              .findFirst()
              .map(a -> new Activation(a.bits(), a.step()));
      layers.add(
          new LayerParameters(
              weights.codes(model.master(), s.weightOffset(), s.weights()),
              weights.bits(),
              weights.step(),
              Arrays.copyOfRange(model.master(), s.biasOffset(), s.biasOffset() + s.biases()),
              inputStep,
              activation));
      inputStep = activation.map(Activation::step).orElse(inputStep);
    }
    return LeNet5.of(name, layers, provenance);
  }

  static Map<String, String> provenance(
      TrainOptions options, Optional<QuantizedNetwork> from, Dataset train) {
    var facts = new TreeMap<String, String>();
    facts.put("architecture", "LeNet-5");
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
    facts.put("java", System.getProperty("java.version"));
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return facts;
  }
}
