package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are made from the records of configurations and checked in. */
final class Generated {
  private static final boolean UPDATE = Boolean.getBoolean("bitquake.update");
  private static final String HOW =
      "%s is not what the records in org.bitquake.jobs.config declare; write it anew with"
          + " mvn -pl model-core,jobs test -Dtest='SchemaFilesTest,ConfReadmeTest'"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dbitquake.update=true";

  private Generated() {}

  /** Fails where a file is not this text, or writes it where that is asked for. */
  static void compare(Path file, String text) throws IOException {
    if (UPDATE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(file).as(HOW, file).hasContent(text);
  }
}
