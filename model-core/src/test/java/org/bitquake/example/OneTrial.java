package org.bitquake.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.Engines;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.ImageSampler;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/** One trial of a fault campaign, from the file of a network to what it predicts. */
public final class OneTrial {
  private static final long SEED = 1; // of the campaign
  private static final long TRIAL = 17; // seed and trial fix faults and images
  private static final double RATE = 0.05; // of cells that are faulty

  /** What is printed. */
  public record Result(int images, int correct, int goldenCorrect, FaultMap.Tally faults) {}

  private OneTrial() {}

  public static void main(String[] args) throws IOException {
    System.out.println(run(Path.of(args[0])));
  }

  /** Runs the trial on the network in this file. */
  public static Result run(Path file) throws IOException {
    QuantizedNetwork network;
    try (var in = Files.newInputStream(file)) {
      network = QnnFile.read(in, file.toString());
    }
    var data = Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());
    int[] images = new ImageSampler(SEED, data.size(), 64).draw(TRIAL);

    var layers = network.weightLayers();
    int[] weights = layers.stream().mapToInt(l -> l.weights().codes().length).toArray();
    int[] bits = layers.stream().mapToInt(l -> l.weights().bits()).toArray();
    var sampler = new FaultSampler(SEED, weights, bits, FaultScope.ALL);
    byte[][] faulty = network.copyCodes();
    var faults =
        sampler.draw(TRIAL, RATE).apply(FaultKind.BIT_FLIP, RATE, Encoding.TWOS_COMPLEMENT, faulty);

    int golden = correct(network, network.copyCodes(), data, images);
    return new Result(images.length, correct(network, faulty, data, images), golden, faults);
  }

  /** How many of these images the network gets right with these weight codes. */
  private static int correct(QuantizedNetwork network, byte[][] codes, Dataset data, int[] images) {
    int size = data.shape().size();
    byte[] pixels = new byte[images.length * size];
    for (int i = 0; i < images.length; i++) {
      data.copyImage(images[i], pixels, i * size);
    }
    int[] predictions = new int[images.length];
    try (var engine = Engines.prepare(network)) {
      engine.load(codes);
      engine.predict(pixels, images.length, predictions);
    }
    int correct = 0;
    for (int i = 0; i < images.length; i++) {
      correct += predictions[i] == data.label(images[i]) ? 1 : 0;
    }
    return correct;
  }
}
