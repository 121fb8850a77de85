package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.DatasetFetcher;
import org.bitquake.data.ProgressPrinter;
import org.bitquake.data.PublishedNetworks;
import org.bitquake.data.Source;
import org.bitquake.data.Verifier;
import org.bitquake.data.format.NumpyWriter;
import org.bitquake.jobs.console.Terminals;
import org.bitquake.jobs.data.ContactSheet;
import org.bitquake.jobs.data.DataSummary;
import org.bitquake.network.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bitquake data}: fetches published data sets and networks and checks their files; looks at
 * images from anywhere and converts them.
 */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Fetch data sets (fashion-mnist, cifar-10, cifar-100) and published networks (mlperf-tiny), or "
          + "verify the files of one; look at labelled images from anywhere, or convert them."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  bitquake data fetch fashion-mnist", "  bitquake data inspect pictures"})
public final class DataCommand implements Callable<Integer> {
  private static final String NAMES = "fashion-mnist, cifar-10, cifar-100 or mlperf-tiny";

  private final List<Source> sources;

  @Spec private CommandSpec spec;

  public DataCommand() {
    this(Stream.of(Source.PUBLISHED, PublishedNetworks.ALL).flatMap(List::stream).toList());
  }

  DataCommand(List<Source> sources) {
    this.sources = sources;
  }

  @Override
  public Integer call() {
    throw new InputException(
        "data needs to know what to do: data fetch NAME, data verify NAME, data inspect PATH or data"
            + " convert PATH; NAME is "
            + String.join(" or ", sources.stream().map(Source::name).toList()));
  }

  /** Downloads a data set into {@code DIR/NAME}. */
  @Command(
      name = "fetch",
      mixinStandardHelpOptions = true,
      description = {
        "Download a data set, or published networks, into DIR/NAME and check them.",
        "What is there and right is kept; an interrupted download goes on where it stopped."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  bitquake data fetch fashion-mnist",
        "  bitquake data fetch cifar-10 --data /data",
        "  bitquake data fetch mlperf-tiny"
      })
  int fetch(
      @Parameters(paramLabel = "NAME", description = NAMES) String name,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "data",
              description = "a local directory (default: ${DEFAULT-VALUE})")
          String directory,
      @Option(
              names = "--url",
              paramLabel = "BASE",
              description = "another server that has the published files in one folder")
          String url,
      @Option(names = "--force", description = "overwrite files that are not the published ones")
          boolean force) {
    Source published = Source.named(name, sources);
    Source source = url == null ? published : published.at(url);
    var printer = new ProgressPrinter(out(), Terminals.isTerminal(Terminals.Stream.OUT));
    Path folder = new DatasetFetcher(printer).fetch(source, local(directory), force);
    out().printf(Locale.ROOT, "%s is complete in %s%n", name, folder);
    out().flush();
    return 0;
  }

  /** Compares the files in a directory with the published ones. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Check the uncompressed contents of a data set's files in DIR or DIR/NAME.",
      footerHeading = "%nExample:%n",
      footer = "  bitquake data verify cifar-10 --data data")
  int verify(
      @Parameters(paramLabel = "NAME", description = NAMES) String name,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "data",
              description = "a directory, also hdfs: or s3a: (default: ${DEFAULT-VALUE})")
          String directory) {
    List<Verifier.Finding> findings =
        Verifier.verify(Source.named(name, sources), directory, new Configuration());
    findings.forEach(
        f -> out().printf(Locale.ROOT, "%s: %s%n", f.file(), f.problem().orElse("original")));
    out().flush();
    long wrong = findings.stream().filter(f -> !f.isOriginal()).count();
    if (wrong > 0) {
      throw new InputException(
          Text.of(
              "%d of %d files of %s in %s are not the published ones; `bitquake data fetch %s` gets"
                  + " those, with --force over these",
              wrong, findings.size(), name, directory, name));
    }
    return 0;
  }

  /** Says what is in a set of images. */
  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = {
        "Shows what is in a set of labelled images: shape, classes in their order, images per "
            + "class, copies, SHA-256; and with --sheet some images of each class, as a picture.",
        "Classes of a folder are its sub-folders sorted by name (code points)."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  bitquake data inspect pictures --sheet sheet.png",
        "  bitquake data inspect cifar-10 --data data --split train"
      })
  int inspect(
      @Mixin DataOptions options,
      @Option(
              names = "--sheet",
              paramLabel = "FILE",
              description = "a PNG file to write, a local or Hadoop path")
          String sheet,
      @Option(
              names = "--output-mode",
              defaultValue = "error",
              paramLabel = "MODE",
              description = "if that file exists: error or overwrite (default: ${DEFAULT-VALUE})")
          OutputMode mode)
      throws IOException {
    var format = options.format();
    if (sheet != null && mode == OutputMode.ERROR) {
      WholeFile.requireNew(new org.apache.hadoop.fs.Path(sheet), new Configuration());
    }
    Dataset data = options.load();
    out().print(new DataSummary(data).text(format));
    if (sheet != null) {
      WholeFile.write(
          new ContactSheet(data).png(),
          new org.apache.hadoop.fs.Path(sheet),
          new Configuration(),
          mode == OutputMode.OVERWRITE);
      out().printf(Locale.ROOT, "%nsheet: %s%n", sheet);
    }
    out().flush();
    return ExitCode.DONE;
  }

  /** Writes a set of images as one NumPy file. */
  @Command(
      name = "convert",
      mixinStandardHelpOptions = true,
      description = {
        "Write labelled images as one NumPy file: images uint8 [N, H, W] or [N, H, W, 3], labels, "
            + "and the names of the classes. Read back, it gives the same images and SHA-256."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  bitquake data convert pictures --resize 96 --crop 96 --output pictures.npz",
        "  bitquake data convert fashion-mnist --output fashion-mnist.npz"
      })
  int convert(@Mixin DataOptions options, @Mixin OutputFile output) throws IOException {
    output.check(new Configuration());
    Dataset data = options.load();
    WholeFile.write(
        out -> NumpyWriter.write(data, out),
        output.path(),
        new Configuration(),
        output.overwrite());
    out()
        .printf(
            Locale.ROOT,
            "%s: %,d images of %s, SHA-256 %s%n",
            output.path(),
            data.size(),
            data.shape(),
            data.sha256());
    out().flush();
    return ExitCode.DONE;
  }

  private static Path local(String directory) {
    String plain =
        directory.startsWith("file:") ? directory.replaceFirst("^file:(//)?", "") : directory;
    try {
      if (!plain.isEmpty() && !plain.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
        return Path.of(plain);
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw new InputException(
        Text.of(
            "--data '%s': data sets are fetched into a local directory; give one and copy it from there",
            directory));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
