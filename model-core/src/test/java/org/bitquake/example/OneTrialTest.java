package org.bitquake.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of {@code model-core/README.md} is this one, and prints what stands there. */
class OneTrialTest {
  private static final Path README = Path.of("README.md");
  private static final Path SOURCE =
      Path.of("src", "test", "java", "org", "bitquake", "example", "OneTrial.java");
  private static final Path NETWORK = Path.of("..", "conf", "networks", "lenet5-as.qnn.npz");

  @Test
  void theTextIsThatOfTheSource() throws IOException {
    assertThat(Files.readString(README)).contains("```java\n" + Files.readString(SOURCE) + "```\n");
  }

  /** The table of `bitquake replay` in jobs/README.md has the same numbers, of the same trial. */
  @Test
  void itPrintsWhatStandsThere() throws IOException {
    assertThat(Files.readString(README)).contains("```\n" + OneTrial.run(NETWORK) + "\n```\n");
  }
}
