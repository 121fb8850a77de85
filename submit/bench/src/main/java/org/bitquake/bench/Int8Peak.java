package org.bitquake.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bitquake.InputException;

/**
 * The processor's limit in 8-bit multiply-adds, which the Vector API of Java 17 cannot reach: a
 * small C program measures it, where there is a compiler.
 */
final class Int8Peak {
  private static final String SOURCE = "peak/int8_peak.c";

  private Int8Peak() {}

  /**
   * Multiply-adds per CPU-second, a value for each round.
   *
   * @throws InputException saying why it cannot be measured here
   */
  static List<Double> run() {
    try {
      Path folder = Files.createTempDirectory("bench-int8");
      Path source = folder.resolve("int8_peak.c");
      Path program = folder.resolve("int8_peak");
      try {
        try (var in = Int8Peak.class.getResourceAsStream(SOURCE)) {
          Files.copy(in, source);
        }
        must(compile(source, program));
        List<String> lines = must(Command.run(List.of(program.toString()))).out();
        return lines.stream().skip(1).map(Double::valueOf).toList();
      } finally {
        Files.deleteIfExists(source);
        Files.deleteIfExists(program);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Command.Result compile(Path source, Path program) {
    try {
      return Command.run(List.of("cc", "-O2", "-o", program.toString(), source.toString()));
    } catch (IOException e) {
      throw new InputException("no C compiler (cc) on the path", e);
    }
  }

  private static Command.Result must(Command.Result result) {
    if (result.exit() != 0) {
      throw new InputException(result.complaint());
    }
    return result;
  }
}
