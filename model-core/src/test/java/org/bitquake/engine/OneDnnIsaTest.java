package org.bitquake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bitquake.engine.onednn.OneDnnProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What oneDNN does on lesser processors than this one: equal logits, or a clear refusal. */
class OneDnnIsaTest {
  private static final Pattern COUNTS =
      Pattern.compile("equal (\\d+), different (\\d+), refused (\\d+)");

  @BeforeEach
  void loads() {
    var why = new OneDnnProvider().unavailable();
    assumeTrue(why.isEmpty(), () -> why.orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2", "AVX512_CORE"})
  void withoutVnni(String isa) throws Exception {
    String output = run(isa);

    assertThat(output).contains("known answers right", "can saturate on a processor without VNNI");
    var counts = COUNTS.matcher(output);
    assertThat(counts.find()).as(output).isTrue();
    assertThat(Integer.parseInt(counts.group(1))).as(output).isGreaterThan(40);
    assertThat(counts.group(2)).as(output).isEqualTo("0");
    assertThat(output.contains("rounded twice on a processor without FMA"))
        .isEqualTo(isa.equals("SSE41"));
  }

  @Test
  void withVnniOf256Bits() throws Exception {
    assertThat(run("AVX2_VNNI")).contains("known answers right", ", different 0,");
  }

  private static String run(String isa) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    var builder =
        new ProcessBuilder(
            java.toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            OneDnnUnderIsa.class.getName());
    builder.environment().put("DNNL_MAX_CPU_ISA", isa);
    builder.environment().put("OMP_NUM_THREADS", "1");
    var process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
