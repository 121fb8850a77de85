package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bitquake.engine.onednn.FloatProvider;
import org.bitquake.engine.onednn.OneDnnProvider;
import org.bitquake.engine.vector.VectorProvider;
import org.bitquake.landscape.Trained;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engines do on lesser processors than this one: equal logits, or a clear refusal. */
class LesserProcessorsTest {
  private static final Pattern COUNTS =
      Pattern.compile("equal (\\d+), different (\\d+), refused (\\d+)");

  /** What the reference says, worked out once for all of them. */
  @TempDir static Path folder;

  private static Path answers;

  @BeforeAll
  static void askTheReference() throws IOException {
    answers = folder.resolve("answers");
    EngineProbe.writeAnswers(answers);
  }

  private static void assumeAvailable(EngineProvider provider) {
    var why = provider.unavailable();
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2", "AVX512_CORE"})
  void oneDnnWithoutVnni(String isa) throws Exception {
    assumeAvailable(new OneDnnProvider());
    String output = run("onednn", isa);

    assertThat(output).contains("known answers right", "can saturate on a processor without VNNI");
    requireEqual(output, 40);
    assertThat(output.contains("rounded twice on a processor without FMA"))
        .isEqualTo(isa.equals("SSE41"));
  }

  @Test
  void oneDnnWithVnniOf256Bits() throws Exception {
    assumeAvailable(new OneDnnProvider());
    assertThat(run("onednn", "AVX2_VNNI")).contains("known answers right", ", different 0,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2", "AVX512_CORE"})
  void floatsOfEveryWidth(String isa) throws Exception {
    assumeAvailable(new FloatProvider());
    String output = run("onednn-float", isa);

    assertThat(output).contains("known answers right");
    requireEqual(output, 100);
  }

  @Test
  void vectorsOf256Bits() throws Exception {
    assumeAvx();
    String output = run("vector", "DEFAULT", "-XX:UseAVX=2");

    assertThat(output).contains("known answers right");
    requireEqual(output, 25);
  }

  @Test
  void vectorsOf128BitsAreNotWorthIt() throws Exception {
    assumeAvx();

    assertThat(run("vector", "DEFAULT", "-XX:UseAVX=0"))
        .contains("unavailable this processor's vectors have 128 bits");
  }

  private static void assumeAvx() {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "AVX is x86-64's");
    assumeAvailable(new VectorProvider());
  }

  @Test
  void withoutTheVectorModule() throws Exception {
    assertThat(start(Map.of(), List.of("-Xmx512m"), List.of()))
        .doesNotContain("picked vector")
        .contains("picked ", "loss " + EngineProbe.loss(Trained.network("standard")));
  }

  private static void requireEqual(String output, int atLeast) {
    var counts = COUNTS.matcher(output);
    assertThat(counts.find()).as(output).isTrue();
    assertThat(Integer.parseInt(counts.group(1))).as(output).isGreaterThan(atLeast);
    assertThat(counts.group(2)).as(output).isEqualTo("0");
  }

  private static String run(String engine, String isa, String... options)
      throws IOException, InterruptedException {
    List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));
    jvm.add("--add-modules=jdk.incubator.vector");
    if (options.length == 0) {
      jvm.add("-XX:TieredStopAtLevel=1"); // only Java's vectors need its second compiler
    }
    jvm.addAll(List.of(options));
    return start(
        Map.of("DNNL_MAX_CPU_ISA", isa, "OMP_NUM_THREADS", "1"),
        jvm,
        List.of(engine, answers.toString()));
  }

  private static String start(
      Map<String, String> environment, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EngineProbe.class.getName());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    var process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
