package org.bitquake.jobs.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Files of measured chips for tests: arrays of 16 × 64 cells, of which a tenth can fail. */
public final class Chips {
  private static final String[] EFFECTS = {"stuck-at-0", "stuck-at-1", "bit-flip"};

  private Chips() {}

  /** Probabilities of 0.25, 0.5, 0.75 and 1. */
  public static void probabilities(Path file, int arrays, long seed) throws IOException {
    write(file, arrays, seed, "probability", 0.25, 0.25);
  }

  /** Thresholds of 0.6, 0.7, 0.8 and 0.9 volts. */
  public static void thresholds(Path file, int arrays, long seed) throws IOException {
    write(file, arrays, seed, "threshold_voltage", 0.6, 0.1);
  }

  private static void write(
      Path file, int arrays, long seed, String measure, double least, double step)
      throws IOException {
    var random = new SplittableRandom(seed);
    var text = new StringBuilder("# arrays: " + arrays + "\n# rows: 16\n# columns: 64\n");
    text.append("array,row,column,effect,").append(measure).append('\n');
    for (int cell = 0; cell < arrays * 16 * 64; cell++) {
      if (random.nextInt(10) == 0) {
        text.append(cell / 1024 + "," + cell / 64 % 16 + "," + cell % 64 + ",");
        text.append(EFFECTS[random.nextInt(EFFECTS.length)]).append(',');
        text.append(Math.round(100 * (least + random.nextInt(4) * step)) / 100.0).append('\n');
      }
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
