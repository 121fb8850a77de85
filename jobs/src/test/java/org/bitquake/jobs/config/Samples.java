package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** A sound file of each kind that has every section, and what may be changed in it. */
final class Samples {
  private static final String HEAD =
      """
      name: a
      networks: [{file: a.qnn.npz, name: a}]
      data: {name: fashion-mnist}
      output: results/a
      """;

  private static final Map<ConfigKind, String> TEXTS =
      Map.of(
          ConfigKind.CAMPAIGN,
          HEAD
              + """
              faults: {kinds: [bit-flip], rates: [0.01]}
              memory: {}
              trials: {until: {halfWidth: 0.01}}
              images: auto
              """,
          ConfigKind.SINGLE_FAULT,
          HEAD
              + """
              faults: {kind: single-bit-flip}
              memory: {}
              images: all
              """,
          ConfigKind.TRAIN,
          """
          model: vgg11
          data: {name: cifar-10}
          batch: 1024
          networks: [{name: a}]
          output: networks
          """,
          ConfigKind.LANDSCAPE,
          HEAD
              + """
              images: {count: 100}
              lines: {}
              surface: {}
              sharpness: {hessian: {}}
              """,
          ConfigKind.CNVLUTIN,
          HEAD
              + """
              images: all
              accelerator: {}
              energy:
                baseline: {activationRead: 1, weightRead: 1, outputWrite: 1}
                cnvlutin: {activationRead: 1, weightRead: 1, outputWrite: 1}
              faults: {kinds: [bit-flip], rates: [0.01], maps: 2}
              memory: {}
              """,
          ConfigKind.PROTECT,
          HEAD
              + """
              faults: {kinds: [bit-flip], rates: [0.01]}
              memory: {}
              target: {loss: 0.02}
              allow: {}
              trials: {}
              """);

  private Samples() {}

  static ObjectNode of(ConfigKind kind) {
    return (ObjectNode) new YamlTree(TEXTS.get(kind), "sample").root();
  }

  /** The sample that has the section of a key. */
  static ObjectNode of(ConfigKind kind, ConfigKeys.Entry entry) {
    var sample = of(kind);
    if (entry.path().startsWith("faults.models")) {
      var faults = (ObjectNode) sample.get("faults");
      faults.remove("kinds");
      faults
          .putArray("models")
          .addObject()
          .put("name", "a")
          .put("pattern", "row")
          .put("effect", "bit-flip");
    }
    if (entry.path().startsWith("protections")) {
      sample.putArray("protections").addObject().put("name", "a").putArray("parts").add("parity");
    }
    if (entry.path().startsWith("faults.rates.")) {
      var rates = ((ObjectNode) sample.get("faults")).putObject("rates");
      rates.put("curve", "a.csv").putArray("voltages").add(0.9);
    }
    if (entry.path().startsWith("networks[].clip.")) {
      ((ObjectNode) sample.get("networks").get(0)).putObject("clip").put("quantile", 0.99);
    }
    return sample;
  }

  /** The sample with one key set to a value, and what that value goes with. */
  static ObjectNode with(ConfigKind kind, ConfigKeys.Entry entry, JsonNode value) {
    var sample = of(kind, entry);
    String path = entry.path();
    if (path.equals("trials.perCell")) {
      ((ObjectNode) sample.get("trials")).remove("until");
    }
    if (Set.of("data.path", "data.format", "data.test").contains(path)) {
      ((ObjectNode) sample.get("data")).put("path", "pictures").remove("name");
    }
    if (Set.of("workers", "averagingFrequency").contains(path)) {
      sample.put("mode", "spark");
    }
    if (path.equals("target.accuracy")) {
      parent(sample, path).remove("loss");
    }
    if (path.equals("networks[].perturb")) {
      parent(sample, path).put("rho", 0.3);
    }
    if (path.equals("networks[].faultThreshold")) {
      parent(sample, path).put("faultRate", 0.05);
    }
    parent(sample, path).set(last(path), value);
    return sample;
  }

  /** The mapping that has a key. */
  static ObjectNode parent(ObjectNode sample, String path) {
    JsonNode node = sample;
    String[] steps = path.split("\\.", -1);
    for (int i = 0; i < steps.length - 1; i++) {
      node = node.get(steps[i].replace("[]", ""));
      node = node.isArray() ? node.get(0) : node;
    }
    return (ObjectNode) node;
  }

  static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Reads it, and makes of it what can be made without the files that it names. */
  static Object read(ConfigKind kind, JsonNode sample) {
    Object config = Yaml.parse(sample.toString(), "sample", kind.type());
    if (config instanceof TrainConfig train) {
      train.networks().forEach(train::options);
    }
    return config;
  }

  /** A value as its key takes it: alone, or in a list. */
  static JsonNode value(ConfigKeys.Entry entry, JsonNode value) {
    return entry.list() ? JsonNodeFactory.instance.arrayNode().add(value) : value;
  }
}
