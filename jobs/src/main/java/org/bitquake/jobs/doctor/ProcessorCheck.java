package org.bitquake.jobs.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitquake.Text;

/**
 * Processors: how many, how busy, and with which instructions.
 *
 * @param cores that this process may use
 * @param load running threads of the machine over the last minute; negative if unknown
 * @param architecture as Java names it
 * @param cpuinfo Linux's description of the processors; empty elsewhere
 * @param isaLimit the environment's {@code DNNL_MAX_CPU_ISA}
 */
record ProcessorCheck(
    int cores, double load, String architecture, List<String> cpuinfo, Optional<String> isaLimit)
    implements Check {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** Instructions that engines are fast with, by Linux's names. */
  private static final Map<String, String> INSTRUCTIONS =
      Map.of(
          "avx2",
          "AVX2",
          "fma",
          "FMA",
          "avx512bw",
          "AVX-512",
          "avx512_vnni",
          "AVX-512 VNNI",
          "avx_vnni",
          "AVX VNNI");

  static ProcessorCheck here() {
    return new ProcessorCheck(
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        System.getProperty("os.arch"),
        cpuinfoHere(),
        Optional.ofNullable(System.getenv("DNNL_MAX_CPU_ISA")).filter(limit -> !limit.isEmpty()));
  }

  private static List<String> cpuinfoHere() {
    try {
      return Files.readAllLines(CPUINFO);
    } catch (IOException e) {
      return List.of(); // not a Linux
    }
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>(List.of(number(), instructions()));
    isaLimit.ifPresent(
        limit ->
            findings.add(
                Finding.warning(
                    "DNNL_MAX_CPU_ISA",
                    Text.of("set to %s, which keeps oneDNN from newer instructions", limit),
                    "unset DNNL_MAX_CPU_ISA")));
    return findings;
  }

  private Finding number() {
    String found = load < 0 ? Integer.toString(cores) : Text.of("%d, load %.1f", cores, load);
    return load > 1.5 * cores + 0.5
        ? Finding.warning(
            "cores",
            found + ": others compute here, so jobs take longer and speeds below are lower",
            "wait until the machine is idle, or give a job fewer cores: -- --master local[1]")
        : Finding.ok("cores", found);
  }

  private Finding instructions() {
    String model = line("model name").orElse(architecture);
    Set<String> flags = Set.copyOf(List.of(line("flags").orElse("").split(" ")));
    if (!List.of("amd64", "x86_64").contains(architecture) || cpuinfo.isEmpty()) {
      return Finding.ok("processor", model + ", instructions unknown");
    }
    var has =
        INSTRUCTIONS.entrySet().stream()
            .filter(e -> flags.contains(e.getKey()))
            .map(Map.Entry::getValue)
            .sorted()
            .toList();
    String found = has.isEmpty() ? model : model + ": " + String.join(", ", has);
    return flags.contains("avx2") && flags.contains("fma")
        ? Finding.ok("processor", found)
        : Finding.warning(
            "processor",
            found + "; without AVX2 and FMA the fast engines are not used or slow",
            "use a processor of 2013 or newer for large campaigns; results are the same here");
  }

  private Optional<String> line(String key) {
    return cpuinfo.stream()
        .filter(line -> line.matches(key + "\\s*:.*"))
        .map(line -> line.replaceFirst("[^:]*:\\s*", "").strip())
        .findFirst();
  }
}
