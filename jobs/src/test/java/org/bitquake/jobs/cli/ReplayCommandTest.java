package org.bitquake.jobs.cli;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Index.atIndex;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.singlefault.SmallFaults;
import org.bitquake.jobs.store.TableStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();

  @TempDir static Path temp;
  private static SmallWorld world;
  private static Path results;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    results = temp.resolve("results");
    world.run(SmallWorld.CONFIG, results, Engines::prepare);
  }

  private int run(Path directory, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var args = new ArrayList<>(List.of("replay", "--results", directory.toString()));
    args.addAll(List.of(more));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
  }

  private int replay(Path directory, String... more) {
    var trial = Stream.of("--network", "a", "--kind", "bit-flip", "--rate", "0.05", "--trial", "3");
    var data = Stream.of("--data", world.directory().resolve("data").toString());
    return run(
        directory, Stream.of(trial, data, Stream.of(more)).flatMap(s -> s).toArray(String[]::new));
  }

  private void assertWrong(int code, String... parts) {
    assertThat(code).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("bitquake: ").contains(parts);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTrialIsTheSameAndItsFaultsAreListed() {
    assertThat(replay(results)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith("trial 3 of a, bit-flip at rate 0.05: 20 images of fashion-mnist/test")
        .contains("golden_correct", "by the definitions", "the same as in the table\n")
        .contains("layer  filter  index  bit  before  after")
        .containsPattern("… and [\\d,]+ more; --all shows them")
        .doesNotContain("  right to wrong:");
    assertThat(out.toString().lines().filter(line -> line.matches("(conv1|fc1) .*"))).hasSize(20);
    assertThat(replay(results, "--all")).isZero();
    assertThat(out.toString()).contains("  right to wrong: ").doesNotContain("more; --all");
  }

  @Test
  void csvIsEveryFaultAndTheVerdictIsElsewhere() {
    assertThat(replay(results, "--format", "csv")).isZero();
    assertThat(err.toString()).isEqualTo("the same as in the table\n");
    long faulty =
        new TableStore(results.toString(), HADOOP)
            .read(SPARK, "trials")
            .filter("network = 'a' AND kind = 'bit-flip' AND rate = 0.05 AND trial = 3")
            .first()
            .getAs("faulty_cells");
    assertThat(out.toString()).startsWith("layer,filter,index,bit,before,after,mark\n");
    assertThat(out.toString().split("\n", -1)).hasSize((int) faulty + 2);
  }

  @Test
  void aTrialWithoutFaultsSaysSo() {
    assertThat(replay(results, "--rate", "0")).isEqualTo(ExitCode.WRONG_INPUT); // --rate twice
    int code =
        run(
            results,
            "--network=a",
            "--kind=bit-flip",
            "--rate=0",
            "--trial=0",
            "--data=" + world.directory().resolve("data"));
    assertThat(code).isZero();
    assertThat(out.toString()).contains("the same as in the table").endsWith("no faulty cells\n");
  }

  @Test
  void theFaultsFileIsNeverOverwritten() throws IOException {
    Path file = temp.resolve("kept.parquet");
    assertThat(replay(results, "--faults-output", file.toString())).isZero();
    assertThat(out.toString()).contains("All faults: file:" + file);
    byte[] bytes = Files.readAllBytes(file);
    assertWrong(replay(results, "--faults-output", file.toString()), "kept.parquet", "exists");
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void aTrialThatIsNotThereIsOneLineThatSaysWhatIs() {
    assertWrong(run(results, "--network=b", "--trial=3"), "--network", "a, second, wide");
    assertWrong(run(results, "--kind=stuck-at-0", "--trial=3"), "bit-flip, stuck-at-1");
    assertWrong(run(results, "--kind=flip", "--trial=3"), "--kind flip, but with bit-flip");
    assertWrong(run(results, "--rate=0.04", "--trial=3"), "--rate", "0.0, 0.003, 0.05");
    assertWrong(run(results, "--trial=9"), "no trial there with --trial 9, but with 0 to 8");
    assertWrong(run(results, "--trial=3"), "--network", "a, second, wide");
    assertWrong(run(results, "--network=a", "--trial=3"), "--kind", "bit-flip, stuck-at-1");
    assertWrong(run(results, "--network=a", "--kind=bit-flip", "--rate=0"), "--trial: 0 to 8");
    assertWrong(run(results, "--trial=-1"), "--trial -1", "0 to 8");
    assertWrong(run(results, "--trial=1", "--rate=NaN"), "--rate");
    assertWrong(run(results, "--trial=1", "--bit=3"), "no --bit", "--network, --kind, --rate");
    assertWrong(
        run(results, "--trial=1", "--kind=single-bit-flip"), "but with bit-flip, stuck-at-1");
    assertWrong(run(temp.resolve("none"), "--trial=1"), "neither trials nor single faults here");
  }

  private static Path singleFaults() {
    Path directory = temp.resolve("single-faults");
    String config =
        SmallWorld.CONFIG
            .replace("kinds: [bit-flip, stuck-at-1]", "kind: single-bit-flip")
            .replace("rates: [0, 0.003, 0.05]", "population: exhaustive\n  layers: [conv1]")
            .replace("trials: {perCell: 9}\n", "");
    SmallFaults.run(world, config, directory, 2);
    return directory;
  }

  @Test
  void aSingleFaultIsTheSameAndItsCellIsListed() {
    Path singles = singleFaults();
    String data = "--data=" + world.directory().resolve("data");
    String[] cell = {"--network=a", "--layer=conv1", "--filter=1", "--index=7", "--bit=3", data};
    assertThat(run(singles, cell)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .containsPattern(
            "^single fault \\d+ of a, bit-flip in conv1, filter 1, index 7, bit 3: 20 images of ")
        .contains("changed_logits", "by the definitions", "the same as in the table\n")
        .containsPattern("layer  filter  index  bit  before  after\n")
        .containsPattern("\nconv1       1      7    3 +-?\\d +-?\\d\n")
        .doesNotContain("mark", "other logits: ");
    String number = out.toString().split(" ", 4)[2];
    String first = out.toString();
    String byNumber = "--fault=" + number;
    assertThat(run(singles, "--network=a", byNumber, "--kind=single-bit-flip", data)).isZero();
    assertThat(out.toString()).isEqualTo(first);
    assertThat(run(singles, "--network=a", byNumber, data, "--all")).isZero();
    assertThat(out.toString()).contains("  another class: ", "  other logits: ");
    assertThat(run(singles, "--network=a", byNumber, data, "--format=csv")).isZero();
    assertThat(out.toString().split("\n", -1)).hasSize(3).contains("", atIndex(2));

    assertWrong(run(singles, byNumber), "several single faults fit", "--network: a, second, wide");
    assertWrong(run(singles, "--network=a", "--filter=2"), "--filter 2, but with 0, 1");
    assertWrong(run(singles, "--network=a", "--bit=4"), "no single fault", "--bit 4", "0 to 3");
    assertWrong(run(singles, "--network=a", "--layer=fc1"), "--layer fc1, but with conv1");
    assertWrong(run(singles, "--kind=single-stuck-at-0"), "--kind stuck-at-0, but with bit-flip");
    assertWrong(run(singles, "--kind=flip"), "unknown fault kind \"flip\"");
    assertWrong(run(singles, "--trial=3"), "single faults, which have no --trial", "--bit");
    assertWrong(run(singles, byNumber, "--faults-output=never.parquet"), "--faults-output");
    String other = world.directory().resolve("b.qnn.npz").toString();
    assertWrong(run(singles, "--network=a", byNumber, "--network-file", other), "not the network");
  }

  @Test
  void anotherNetworkOrDataSetIsRefused() {
    String other = world.directory().resolve("b.qnn.npz").toString();
    assertWrong(replay(results, "--network-file", other), "not the network", "content hash");
    assertWrong(replay(results, "--network-file", "gone.qnn.npz"), "gone.qnn.npz: no such file");
    String[] builtIn = {"--network=a", "--kind=bit-flip", "--rate=0.05", "--trial=3"};
    assertWrong(run(results, builtIn), "SHA-256", "--data PATH");
  }

  @Test
  void aDamagedRowIsReported() {
    Path damaged = temp.resolve("damaged");
    var good = new TableStore(results.toString(), HADOOP);
    var store = new TableStore(damaged.toString(), HADOOP);
    var rows = good.read(SPARK, "trials").withColumn("correct", expr("golden_correct + 1"));
    store.commit("trials", "wave", rows, Map.of());
    store.commit("networks", "all", good.read(SPARK, "networks"), Map.of());
    assertThat(replay(damaged)).isEqualTo(1);
    assertThat(err.toString())
        .contains("bitquake: correct is ", " in the table, but ", "the table is damaged");
    assertThat(err.toString().lines()).hasSize(2);
    assertThat(out.toString()).doesNotContain("the same as");
  }

  @Test
  void aCampaignThatIsNotFinishedNeedsTheNetworkFile() {
    Path unfinished = temp.resolve("unfinished");
    var trials = new TableStore(results.toString(), HADOOP).read(SPARK, "trials");
    new TableStore(unfinished.toString(), HADOOP).commit("trials", "wave", trials, Map.of());
    assertWrong(replay(unfinished), "--network-file");
    String file = world.directory().resolve("a.qnn.npz").toString();
    assertThat(replay(unfinished, "--network-file", file)).isZero();
    assertThat(err.toString()).contains("could not be verified");
    assertThat(out.toString()).contains("the same as in the table");
  }
}
