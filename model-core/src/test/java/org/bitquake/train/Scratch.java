package org.bitquake.train;

import java.io.*;
import java.nio.file.*;
import java.util.*;
import java.util.zip.*;
import org.bitquake.data.*;
import org.bitquake.quant.*;

public class Scratch {
  static byte[] gz(String f) throws IOException {
    try (var in =
        new GZIPInputStream(new FileInputStream("/work/shared/data/fashion-mnist/" + f))) {
      return in.readAllBytes();
    }
  }

  static Dataset ds(String name, String i, String l) throws IOException {
    var x = gz(i);
    var y = gz(l);
    return new Dataset(
        name,
        new Shape(1, 28, 28),
        10,
        Arrays.copyOfRange(x, 16, x.length),
        Arrays.copyOfRange(y, 8, y.length));
  }

  public static void main(String[] a) throws Exception {
    var tr = ds("fashion-mnist/train", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
    var te = ds("fashion-mnist/test", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");
    var o =
        new TrainOptions(
            a[0],
            1,
            Integer.parseInt(a[3]),
            128,
            0.02,
            1e-4,
            Double.parseDouble(a[1]),
            1,
            Double.parseDouble(a[2]),
            a.length > 4 ? Quantizer.of(a[4]) : Quantizer.LSQ,
            4,
            4);
    var os =
        (com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    Trainer.train(
        o,
        tr,
        te,
        Optional.of(Path.of("/tmp/" + a[0] + ".ck")),
        r -> System.out.printf("%s %s cpu %.1f%n", a[0], r, os.getProcessCpuTime() / 1e9));
  }
}
