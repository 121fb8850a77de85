package org.bitquake.jobs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.bitquake.InputException;
import org.bitquake.jobs.cli.Benchmarks.Part;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bitquake bench}: how fast this machine runs trials. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Measures this machine on one core: every engine on LeNet-5 and ResNet-18, preparing trials, "
          + "whole trials, two threads against one, the processor's own limit, a PyTorch loop and TensorFlow "
          + "Lite's interpreter beside them where their files are, and whole commands as people wait for "
          + "them. Runs in a source tree."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake bench --quick",
      "  bitquake bench --json bench.json",
      "  bitquake bench --only engines --against bench.json"
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "Fewer and shorter rounds, neither peer nor commands: under a minute.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the machine and every single sample to this file.")
  private Optional<Path> json;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Only these of: ${COMPLETION-CANDIDATES}.")
  private EnumSet<Part> only;

  @Option(
      names = "--peer",
      paramLabel = "FILE",
      description =
          "The PyTorch script to compare with (default: ../shared/reference/bench_peer.py).")
  private Optional<Path> peer;

  @Option(
      names = "--peer-data",
      paramLabel = "DIR",
      description = "Fashion-MNIST's test files for it (default: those built in).")
  private Optional<Path> peerData;

  @Option(
      names = "--tflite",
      paramLabel = "FILE",
      description = {
        "The int8 model of pictures to run here and in TensorFlow Lite (default:",
        "../shared/data/mlperf-tiny/pretrainedResnet_quant.tflite, ResNet-8)."
      })
  private Optional<Path> tflite;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description = "What --json wrote earlier: say how many times as fast each engine is now.")
  private Optional<Path> against;

  @Override
  public Integer call() throws IOException {
    json.ifPresent(BenchCommand::requireFolder);
    requireFile("--peer", peer);
    requireFile("--tflite", tflite);
    requireFile("--against", against);
    peerData.ifPresent(
        dir -> require(Files.isDirectory(dir), "--peer-data " + dir + ": no such directory"));
    var usual = quick ? EnumSet.complementOf(EnumSet.of(Part.COMMANDS)) : EnumSet.allOf(Part.class);
    var parts = only == null ? usual : only;
    var line = spec.commandLine();
    ServiceLoader.load(Benchmarks.class)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "the benchmarks are not on the class path: run bitquake's own submit/bitquake bench in its source tree"))
        .run(
            new Benchmarks.Options(quick, parts, json, peer, peerData, tflite, against),
            line.getOut(),
            line.getErr());
    return ExitCode.DONE;
  }

  private static void requireFile(String option, Optional<Path> file) {
    file.ifPresent(f -> require(Files.isRegularFile(f), option + " " + f + ": no such file"));
  }

  private static void requireFolder(Path file) {
    var folder = file.toAbsolutePath().getParent();
    require(
        folder != null && Files.isDirectory(folder) && !Files.isDirectory(file),
        "--json " + file + ": not a file in an existing directory");
  }

  private static void require(boolean ok, String message) {
    if (!ok) {
      throw new InputException(message);
    }
  }
}
