package org.bitquake.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Source;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceProvider;
import org.bitquake.jobs.doctor.Finding.Mark;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native libraries, folders, engines, data and networks: each well, and each amiss. */
class WorkChecksTest {
  private static final Configuration HADOOP = new Configuration();
  private static final double SECONDS = 0.01;

  @TempDir Path temp;

  private static Finding only(Check check) throws Exception {
    var findings = check.look();
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  @Test
  void allNativeLibrariesLoadHere() throws Exception {
    for (Check check : NativesCheck.all()) {
      assertThat(only(check).mark()).as(only(check).toString()).isEqualTo(Mark.OK);
    }
    assertThat(Path.of(NativesCheck.cacheFolder())).isDirectory();
  }

  @Test
  void aLibraryThatDoesNotLoadIsNamedWithItsReason() throws Exception {
    for (boolean needed : new boolean[] {true, false}) {
      var check =
          new NativesCheck(
              "ND4J",
              () -> {
                throw new UnsatisfiedLinkError("libgomp.so.1: cannot open shared object file");
              },
              "training",
              needed);
      assertThat(only(check).mark()).isEqualTo(needed ? Mark.PROBLEM : Mark.WARNING);
      assertThat(only(check).found()).contains("training", "libgomp.so.1");
    }
  }

  private static FolderCheck folder(Path folder, long wanted) {
    return new FolderCheck("output", folder.toString(), wanted, "use --output DIR", HADOOP);
  }

  @Test
  void aFolderToComeIsWritableIfItsParentIsAndNothingStays() throws Exception {
    assertThat(only(folder(temp.resolve("a/b"), 1)).mark()).isEqualTo(Mark.OK);
    try (var files = Files.list(temp)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aFolderInsideAFileIsAProblem() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "x");
    var finding = only(folder(file.resolve("results"), 1));
    assertThat(finding.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(finding.fix()).contains("use --output DIR");
  }

  @Test
  void aFolderOfNoFileSystemIsAProblem() throws Exception {
    var check = new FolderCheck("output", "nosuch://host/x", 1, "use --output DIR", HADOOP);
    assertThat(only(check).mark()).isEqualTo(Mark.PROBLEM);
  }

  @Test
  void littleRoomIsAWarning() throws Exception {
    assertThat(only(folder(temp, Long.MAX_VALUE)).mark()).isEqualTo(Mark.WARNING);
  }

  /** The reference engine under another name, or with a flaw. */
  private record Provider(String name, boolean wrong) implements EngineProvider {
    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public Optional<String> unsupported(QuantizedNetwork network) {
      return Optional.empty();
    }

    @Override
    public double nanosPerImage(QuantizedNetwork network) {
      return 1;
    }

    @Override
    public Engine prepare(QuantizedNetwork network) {
      Engine engine = new ReferenceProvider().prepare(network);
      if (wrong) {
        byte[][] codes = network.copyCodes();
        codes[0][0] ^= 1;
        engine.load(codes);
      }
      return engine;
    }
  }

  private static EnginesCheck engines(String asked, Engines.Status... all) {
    return new EnginesCheck(() -> List.of(all), Optional.ofNullable(asked), SECONDS);
  }

  private static Engines.Status usable(boolean wrong) {
    return new Engines.Status(new Provider("fast", wrong), Optional.empty());
  }

  @Test
  void anEngineThatAgreesIsMeasured() throws Exception {
    var finding = only(engines(null, usable(false)));
    assertThat(finding.mark()).isEqualTo(Mark.OK);
    assertThat(finding.found()).matches("exact; [1-9][\\d,]* images/s of LeNet-5 on one core");
  }

  @Test
  void oneWrongWeightInSixtyThousandIsSeen() throws Exception {
    var finding = only(engines(null, usable(true)));
    assertThat(finding.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(finding.found()).contains("other logits");
  }

  @Test
  void anEngineThatCannotBeUsedSaysWhyAndNoneAtAllIsAProblem() throws Exception {
    var off = new Engines.Status(new Provider("fast", false), Optional.of("no vectors"));
    var findings = engines(null, off).look();
    assertThat(findings.get(0).mark()).isEqualTo(Mark.WARNING);
    assertThat(findings.get(0).found()).contains("no vectors");
    assertThat(findings.get(1).mark()).isEqualTo(Mark.PROBLEM);
    assertThat(engines(null, off, usable(false)).look()).hasSize(2);
  }

  @Test
  void anEngineThatWasAskedForIsAWarningAndAnUnknownOneAProblem() throws Exception {
    assertThat(engines("fast", usable(false)).look().get(1).mark()).isEqualTo(Mark.WARNING);
    assertThat(engines("fats", usable(false)).look().get(1).mark()).isEqualTo(Mark.PROBLEM);
  }

  @Test
  void theBundledImagesAreThePublishedOnes() throws Exception {
    assertThat(only(BundledDataCheck.here(HADOOP)).found())
        .isEqualTo("10,000 images of fashion-mnist/test");
  }

  @Test
  void aPixelThatDiffersOrAJarWithoutImagesIsAProblem() throws Exception {
    var data = Datasets.load("fashion-mnist", "test", Optional.empty(), HADOOP);
    byte[] pixels = data.pixels().clone();
    pixels[4321] ^= 1;
    var other = new Dataset(data.name(), data.shape(), data.classes(), pixels, data.labels());
    assertThat(only(new BundledDataCheck(() -> other)).mark()).isEqualTo(Mark.PROBLEM);
    var none =
        new BundledDataCheck(
            () -> {
              throw new IllegalStateException("the jar lacks images");
            });
    assertThat(only(none).mark()).isEqualTo(Mark.PROBLEM);
    assertThat(only(none).found()).contains("the jar lacks images");
  }

  private static final Source TINY =
      new Source(
          "tiny",
          "http://127.0.0.1/",
          Optional.empty(),
          List.of(
              new Source.Archive(
                  "abc.gz",
                  1,
                  "0".repeat(32),
                  List.of(
                      new Source.Contents(
                          "abc",
                          3,
                          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")))));

  @Test
  void aDataSetIsSoughtInAllPlacesAndCompared() throws Exception {
    Path second = Files.createDirectories(temp.resolve("second/tiny"));
    var places = List.of(temp.resolve("first").toString(), temp.resolve("second").toString());
    var check = new DataCheck(TINY, places, HADOOP);
    assertThat(only(check).mark()).isEqualTo(Mark.WARNING);
    assertThat(only(check).found()).contains(places);
    assertThat(only(check).fix()).contains("bitquake data fetch tiny");

    Files.writeString(second.resolve("abc"), "abc");
    assertThat(only(check).mark()).isEqualTo(Mark.OK);
    assertThat(only(check).found()).isEqualTo("complete in " + places.get(1));

    Files.writeString(second.resolve("abc"), "abd");
    assertThat(only(check).mark()).isEqualTo(Mark.WARNING);
    assertThat(only(check).found()).contains("1 of 1 files", "other contents");
  }

  @Test
  void aDamagedNetworkIsAProblemAndTheOthersAreListed() throws Exception {
    Path source = Path.of("..", "conf", "networks", "lenet5-as.qnn.npz");
    assertThat(only(new NetworksCheck(temp, HADOOP)).mark()).isEqualTo(Mark.WARNING);
    Files.copy(source, temp.resolve("a.qnn.npz"));
    assertThat(only(new NetworksCheck(temp, HADOOP)).found()).endsWith(": lenet5-as");

    byte[] bytes = Files.readAllBytes(source);
    bytes[bytes.length / 2] ^= 1;
    Files.write(temp.resolve("b.qnn.npz"), bytes);
    var findings = new NetworksCheck(temp, HADOOP).look();
    assertThat(findings).extracting(Finding::mark).containsExactly(Mark.OK, Mark.PROBLEM);
    assertThat(findings.get(1).found()).contains("b.qnn.npz");
  }

  @Test
  void findingsAreWrittenForPrograms() throws IOException {
    Path file = temp.resolve("doctor.json");
    FindingsFile.write(
        List.of(Finding.ok("Java", "17"), Finding.warning("data", "none", "fetch")), file);
    var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(file.toFile());
    assertThat(json.get("sound").asBoolean()).isTrue();
    assertThat(json.at("/findings/0/mark").asText()).isEqualTo("ok");
    assertThat(json.at("/findings/0/fix").isNull()).isTrue();
    assertThat(json.at("/findings/1/fix").asText()).isEqualTo("fetch");
    FindingsFile.write(List.of(Finding.problem("Java", "11", "17")), file);
    json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(file.toFile());
    assertThat(json.get("sound").asBoolean()).isFalse();
  }
}
