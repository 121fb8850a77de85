package org.bitquake.jobs.campaign;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.InputOptions;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/**
 * A folder with a campaign in it: three networks of random codes (the third of another shape) and a
 * few random images, most of them labelled as the first network sees them.
 */
public record SmallWorld(Path directory) {
  public static final int IMAGES = 60;
  private static final Shape SHAPE = new Shape(1, 28, 28);
  private static final int CLASSES = 10;
  private static final Configuration HADOOP = new Configuration();

  public static final String CONFIG =
      """
      name: small
      seed: 11
      networks:
        - a.qnn.npz
        - {file: b.qnn.npz, name: second}
        - wide.qnn.npz
      data: {name: fashion-mnist, split: test, directory: data}
      faults:
        kinds: [bit-flip, stuck-at-1]
        rates: [0, 0.003, 0.05]
      trials: {perCell: 9}
      images: 20
      output: unused
      """;

  public static SmallWorld create(Path directory) {
    var world = new SmallWorld(directory);
    var a = network("a", 2, 1);
    world.write("a.qnn.npz", a);
    world.write("b.qnn.npz", network("b", 2, 2));
    world.write("wide.qnn.npz", network("wide", 3, 3));
    world.writeImages(a);
    return world;
  }

  /** Writes a configuration; returns its path. */
  public String config(String text) {
    Path file = directory.resolve("campaign.yaml");
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }

  /** Runs a campaign in the shared session; returns the number of failed trials. */
  public long run(String config, Path output, EngineSource engines) {
    return run(config, output.toString(), engines);
  }

  /** The same on any file system. */
  public long run(String config, String output, EngineSource engines) {
    var options =
        new RunOptions(Optional.of(output), false, Optional.empty(), Optional.of(2), true);
    return CampaignRun.run(TestSpark.session(), config(config), options, engines).failed();
  }

  /** Runs a campaign, on so many partitions, whose page is kept. */
  Path run(Path output, String config, int partitions, EngineSource engines) {
    outcome(config, output, partitions, engines);
    return output;
  }

  /** The same, with what it says at its end. */
  CampaignOutcome outcome(String config, Path output, int partitions, EngineSource engines) {
    var options =
        new RunOptions(
            Optional.of(output.toString()), false, Optional.empty(), Optional.of(partitions), true);
    return CampaignRun.run(TestSpark.session(), config(config), options, engines);
  }

  /** A campaign, checked but not run. */
  Campaign load(String config) {
    return CampaignLoader.load(
        Yaml.load(config(config), HADOOP, CampaignConfig.class),
        new InputOptions(Optional.empty()),
        HADOOP);
  }

  /** Rows of {@code trials} without what names faults and protection. */
  static List<List<Object>> results(List<Row> rows) {
    var columns =
        List.of(
            "network",
            "rate",
            "trial",
            "encoding",
            "correct",
            "golden_correct",
            "changed",
            "faulty_cells",
            "changed_weights",
            "error");
    return rows.stream()
        .map(row -> columns.stream().<Object>map(name -> row.getAs(name)).toList())
        .toList();
  }

  /** The rows of the table {@code trials} that fulfil a condition, in a fixed order. */
  static List<Row> trials(Path directory, String condition) {
    return new TableStore(directory.toString(), HADOOP)
        .read(TestSpark.session(), "trials")
        .filter(condition)
        .sort("trial", "network", "kind", "rate")
        .collectAsList();
  }

  /** Makes engines of one kind, that of a provider's name. */
  static EngineSource engines(String provider) {
    return network ->
        Engines.all().stream()
            .filter(status -> status.provider().name().equals(provider))
            .findFirst()
            .orElseThrow()
            .provider()
            .prepare(network);
  }

  public Dataset dataset() {
    return Datasets.load(
        "fashion-mnist", "test", Optional.of(directory.resolve("data").toString()), HADOOP);
  }

  public QuantizedNetwork network(String file) {
    try (var in = Files.newInputStream(directory.resolve(file))) {
      return QnnFile.read(in, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(String file, QuantizedNetwork network) {
    try (var out = Files.newOutputStream(directory.resolve(file))) {
      QnnFile.write(network, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static QuantizedNetwork network(String name, int channels, long seed) {
    return network(name, SHAPE, CLASSES, channels, seed);
  }

  public static QuantizedNetwork network(
      String name, Shape shape, int classes, int channels, long seed) {
    var random = new Random(seed);
    var first =
        layer("conv1", QuantizedNetwork.INPUT, shape, new Geometry(channels, 5, 5, 4, 0, 1), random)
            .withActivation();
    var inner = first.outputShape();
    var last =
        layer(
                "fc1",
                0,
                inner,
                new Geometry(classes, inner.height(), inner.width(), 1, 0, 1),
                random)
            .convolution();
    return new QuantizedNetwork(
        name, shape, 1 / 255f, List.of(first, last), Map.of("seed", "" + seed));
  }

  private record Draft(Convolution convolution) {
    Convolution withActivation() {
      var c = convolution;
      return new Convolution(
          c.name(),
          c.input(),
          c.inputShape(),
          c.geometry(),
          c.weights(),
          c.bias(),
          c.scale(),
          Optional.empty(),
          Optional.of(new Activation(4, 0.1f)));
    }
  }

  private static Draft layer(String name, int input, Shape in, Geometry geometry, Random random) {
    int kernel = in.channels() * geometry.kernelHeight() * geometry.kernelWidth();
    byte[] codes = new byte[geometry.outChannels() * kernel];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(15) - 7);
    }
    float[] bias = new float[geometry.outChannels()];
    float[] scale = new float[geometry.outChannels()];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = 100 * (float) random.nextGaussian();
      scale[c] = 0.003f;
    }
    return new Draft(
        new Convolution(
            name,
            input,
            in,
            geometry,
            new WeightCodes(codes, 4, new float[] {0.1f}),
            bias,
            scale,
            Optional.empty(),
            Optional.empty()));
  }

  private void writeImages(QuantizedNetwork judge) {
    var random = new Random(7);
    byte[] pixels = new byte[IMAGES * SHAPE.size()];
    random.nextBytes(pixels);
    int[] labels = new int[IMAGES];
    try (var engine = Engines.prepare(judge)) {
      engine.predict(pixels, IMAGES, labels);
    }
    try {
      Path data = Files.createDirectories(directory.resolve("data"));
      try (var out = idx(data.resolve("t10k-images-idx3-ubyte"), 0x803, IMAGES, 28, 28)) {
        out.write(pixels);
      }
      try (var out = idx(data.resolve("t10k-labels-idx1-ubyte"), 0x801, IMAGES)) {
        for (int label : labels) {
          out.write(random.nextInt(5) == 0 ? random.nextInt(CLASSES) : label);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataOutputStream idx(Path file, int... header) throws IOException {
    var out = new DataOutputStream(Files.newOutputStream(file));
    for (int number : header) {
      out.writeInt(number);
    }
    return out;
  }
}
