package org.bitquake.jobs.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The file that keeps what was typed at the prompt: the last {@value #ENTRIES} statements or so,
 * for its owner's eyes only.
 *
 * @param file where it is; empty to keep nothing
 */
public record ShellHistory(Optional<Path> file) {
  /** Environment variable: {@code off} keeps nothing, anything else is the file. */
  public static final String VARIABLE = "BITQUAKE_HISTORY";

  static final int ENTRIES = 1_000;
  private static final String OFF = "off";
  private static final String NAME = ".bitquake_history";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  /** Nothing is kept. */
  public static ShellHistory none() {
    return new ShellHistory(Optional.empty());
  }

  /**
   * What a user asked for.
   *
   * @param variable value of {@link #VARIABLE}; empty for a file in the home directory
   * @param home the user's
   */
  public static ShellHistory of(Optional<String> variable, Path home) {
    if (variable.equals(Optional.of(OFF))) {
      return none();
    }
    return new ShellHistory(variable.map(Path::of).or(() -> Optional.of(home.resolve(NAME))));
  }

  /**
   * Makes the file if there is none, and makes it private.
   *
   * @return the file, if one is kept
   * @throws IOException if it cannot be written
   */
  Optional<Path> prepare() throws IOException {
    if (file.isEmpty()) {
      return file;
    }
    Path path = file.get();
    if (!Files.exists(path)) {
      create(path);
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " is not a file");
    }
    var posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (posix != null && !posix.readAttributes().permissions().equals(OWNER)) {
      posix.setPermissions(OWNER);
    }
    return file;
  }

  private static void create(Path path) throws IOException {
    try {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER));
    } catch (UnsupportedOperationException e) {
      Files.createFile(path); // not a POSIX file system
    }
  }
}
