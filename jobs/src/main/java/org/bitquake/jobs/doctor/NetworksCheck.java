package org.bitquake.jobs.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.network.QnnFile;

/**
 * Whether the network files of a folder can be read; each holds hashes of its arrays.
 *
 * @param folder such as {@code conf/networks}
 */
record NetworksCheck(Path folder, Configuration hadoop) implements Check {
  private static final String SUBJECT = "networks";
  private static final String SUFFIX = ".qnn.npz";

  @Override
  public List<Finding> look() throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<String> sound = new ArrayList<>();
    for (Path file : files()) {
      try {
        sound.add(QnnFile.read(new org.apache.hadoop.fs.Path(file.toUri()), hadoop).name());
      } catch (InputException e) {
        findings.add(
            Finding.problem(
                SUBJECT,
                e.getMessage(),
                Text.of("get it again (git checkout -- %s), or delete it and train it", file)));
      }
    }
    if (!sound.isEmpty()) {
      String names = Text.of("%d in %s: %s", sound.size(), folder, String.join(", ", sound));
      findings.add(0, Finding.ok(SUBJECT, names));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.warning(
                SUBJECT,
                "none in " + folder,
                Text.of(
                    "bitquake train conf/train-lenet5.yaml --output %s, or say where with --networks",
                    folder)))
        : findings;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    }
  }
}
