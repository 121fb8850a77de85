package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void spark() {
    TestSpark.session();
  }

  private int doctor(String networks, String... args) {
    var all = new java.util.ArrayList<>(java.util.List.of("doctor", "--seconds", "0.05"));
    all.addAll(java.util.List.of("--networks", networks, "--data", temp.toString()));
    all.addAll(java.util.List.of(args));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  @Test
  void nothingButWarningsIsSound() throws Exception {
    Path json = temp.resolve("doctor.json");
    int code = doctor("../conf/networks", "-o", temp.toString(), "--json", json.toString());
    assertThat(code).as(out.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString().lines().filter(line -> !line.isBlank()))
        .allMatch(line -> line.matches("(ok  |warning) .*|problems: 0, .*| {20,}→ .*"));
    assertThat(out.toString())
        .contains("Java", "memory", "cores", "oneDNN", "ND4J", "bundled images", "lenet5-as-saq")
        .contains("engine reference", "images/s", "cifar-10", "→ bitquake data fetch cifar-10")
        .contains("local[2]", "temporary files");
    var tree = new ObjectMapper().readTree(json.toFile());
    assertThat(tree.get("sound").asBoolean()).isTrue();
    long lines = out.toString().lines().filter(l -> l.matches("(ok|warning|problem) .*")).count();
    assertThat(tree.get("findings")).hasSize((int) lines);
  }

  @Test
  void aProblemIsExitCodeOneAndHasAFix() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "x");
    int code = doctor(temp.toString(), "--output", file.resolve("results").toString());
    assertThat(code).isEqualTo(ExitCode.AMISS);
    assertThat(out.toString()).containsPattern("problem +output .*\n +→ use --output DIR");
    assertThat(out.toString()).contains("problems: 1, ");
  }

  @Test
  void wrongOptionsAreOneLine() {
    assertThat(doctor("x", "--seconds", "0")).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(doctor("x", "--wait", "0")).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(doctor("x", "--json", "no/such/x")).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString().lines()).hasSize(3);
  }
}
