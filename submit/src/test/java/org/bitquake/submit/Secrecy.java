package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Secrets of a test, and the files they may be in. */
public final class Secrecy {
  private static final int BYTES = 20;

  private Secrecy() {}

  /** A new secret. */
  public static String secret() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Spark properties that nobody else may read: a template and the lines of a site behind it. */
  public static Path properties(Path file, Path template, String... lines) throws IOException {
    var owner = PosixFilePermissions.fromString("rw-------");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
    return Files.writeString(file, Files.readString(template) + String.join("\n", lines) + "\n");
  }

  /** No file below {@code folder} but {@code holders} may hold a secret, plain or in Base64. */
  public static void requireNone(Path folder, List<String> secrets, Path... holders)
      throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      var searched =
          files.filter(Files::isRegularFile).filter(f -> !List.of(holders).contains(f)).toList();
      assertThat(searched).isNotEmpty();
      for (Path file : searched) {
        requireNone(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1), secrets);
      }
    }
  }

  /** A text may not hold a secret, plain or in Base64. */
  public static void requireNone(String where, String text, List<String> secrets) {
    for (String secret : secrets) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      boolean found =
          text.contains(secret)
              || text.contains(Base64.getEncoder().withoutPadding().encodeToString(bytes));
      assertThat(found).as("%s holds a secret", where).isFalse();
    }
  }
}
