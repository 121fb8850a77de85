package org.bitquake.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.jobs.doctor.Finding.Mark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java, memory, processors and the launcher's settings: each well, and each amiss. */
class MachineChecksTest {
  private static final Map<String, String> LAUNCHED =
      Map.of(
          "OMP_NUM_THREADS", "1",
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_MAX_", "0",
          "MALLOC_TRIM_THRESHOLD_", "1",
          "MALLOC_TOP_PAD_", "1",
          "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

  private static Finding of(Check check, String subject) throws Exception {
    return check.look().stream().filter(f -> f.subject().equals(subject)).findAny().orElseThrow();
  }

  private static JavaCheck java(String version) {
    return new JavaCheck(Runtime.Version.parse(version), "/jdk", List.of(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"17.0.15,OK", "11.0.2,PROBLEM", "21.0.1,PROBLEM"})
  void onlyJava17Fits(String version, Mark mark) throws Exception {
    var finding = of(java(version), "Java");
    assertThat(finding.mark()).isEqualTo(mark);
    assertThat(finding.found()).contains(version, "/jdk");
  }

  @Test
  void packagesClosedToSparkAreNamed() throws Exception {
    var closed = List.of("java.base/java.nio", "java.base/sun.nio.ch");
    var check = new JavaCheck(Runtime.version(), "/jdk", closed, Optional.empty());
    var finding = of(check, "Java for Spark");
    assertThat(finding.mark()).isEqualTo(Mark.PROBLEM);
    assertThat(finding.found()).contains("java.base/java.nio, java.base/sun.nio.ch");
    assertThat(of(java("17"), "Java for Spark").mark()).isEqualTo(Mark.OK);
  }

  @Test
  void theTestsJavaIsOpenToSparkAndHasNoVectors() throws Exception {
    assertThat(of(JavaCheck.here(), "Java for Spark").mark()).isEqualTo(Mark.OK);
    var vectors = of(JavaCheck.here(), "Vector API");
    assertThat(vectors.mark()).isEqualTo(Mark.WARNING);
    assertThat(vectors.fix().orElseThrow()).contains("--add-modules=jdk.incubator.vector");
    assertThat(of(java("17"), "Vector API").mark()).isEqualTo(Mark.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "2048,16384,OK",
    "1024,16384,OK",
    "900,16384,WARNING",
    "400,16384,PROBLEM",
    "2048,2500,WARNING"
  })
  void theHeapIsNeitherTooSmallNorAllOfTheMemory(long heap, long physical, Mark mark) {
    var finding = new MemoryCheck(heap * Bytes.MIB, physical * Bytes.MIB).look().get(0);
    assertThat(finding.mark()).isEqualTo(mark);
    assertThat(finding.found()).startsWith("heap " + Bytes.text(heap * Bytes.MIB));
  }

  private static ProcessorCheck processor(double load, String architecture, String... cpuinfo) {
    return new ProcessorCheck(2, load, architecture, List.of(cpuinfo), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"0.5,OK", "3.4,OK", "3.6,WARNING", "-1,OK"})
  void aBusyMachineIsSaidToBe(double load, Mark mark) throws Exception {
    assertThat(of(processor(load, "aarch64"), "cores").mark()).isEqualTo(mark);
  }

  @Test
  void instructionsAreListed() throws Exception {
    String[] cpuinfo = {
      "processor : 0", "model name\t: A Processor", "flags\t\t: fpu fma avx2 avx512bw avx512_vnni"
    };
    var finding = of(processor(0, "amd64", cpuinfo), "processor");
    assertThat(finding.mark()).isEqualTo(Mark.OK);
    assertThat(finding.found()).isEqualTo("A Processor: AVX-512, AVX-512 VNNI, AVX2, FMA");
  }

  @Test
  void anOldProcessorIsSaidToBeSlow() throws Exception {
    var finding = of(processor(0, "amd64", "model name : Old", "flags : fpu avx"), "processor");
    assertThat(finding.mark()).isEqualTo(Mark.WARNING);
    assertThat(finding.found()).contains("Old", "without AVX2");
  }

  @Test
  void anInstructionLimitIsNamed() throws Exception {
    var check = new ProcessorCheck(2, 0, "aarch64", List.of(), Optional.of("SSE41"));
    assertThat(of(check, "DNNL_MAX_CPU_ISA").found()).contains("SSE41");
    assertThat(processor(0, "aarch64").look()).allMatch(f -> f.mark() == Mark.OK);
  }

  @Test
  void theLaunchersSettingsAreMissed() {
    var check = new LauncherCheck(Map.of("OMP_NUM_THREADS", "8"), Optional.of("true"), true);
    var finding = check.look().get(0);
    assertThat(finding.mark()).isEqualTo(Mark.WARNING);
    assertThat(finding.found())
        .contains("MALLOC_ARENA_MAX", "GLIBC_TUNABLES", LauncherCheck.HELPERS)
        .contains("OMP_NUM_THREADS is 8, not 1");
    var set = new LauncherCheck(LAUNCHED, Optional.of("false"), true).look().get(0);
    assertThat(set.mark()).isEqualTo(Mark.OK);
  }

  @Test
  void settingsOfGlibcAreNotMissedElsewhere() {
    var check = new LauncherCheck(Map.of("OMP_NUM_THREADS", "1"), Optional.of("false"), false);
    assertThat(check.look().get(0).mark()).isEqualTo(Mark.OK);
  }

  @Test
  void aCheckThatFailsIsAProblemAndTheOthersGoOn() {
    Check broken =
        () -> {
          throw new IOException("no such device");
        };
    List<Finding> told = new ArrayList<>();
    var all = Doctor.look(List.of(broken, new MemoryCheck(1, 2)), told::add);
    assertThat(all).hasSize(2).isEqualTo(told);
    assertThat(all.get(0).mark()).isEqualTo(Mark.PROBLEM);
    assertThat(all.get(0).found()).contains("no such device");
  }

  @Test
  void whatIsAmissHasAFixAndIsOneLine() {
    assertThatThrownBy(() -> new Finding("a", Mark.WARNING, "b", Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Finding("a", Mark.OK, "b", Optional.of("c")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Finding.problem("a", "b\n  c\n", "d\r\ne").found()).isEqualTo("b c");
    assertThat(Finding.problem("a", "b", "d\r\ne").fix()).contains("d e");
  }
}
