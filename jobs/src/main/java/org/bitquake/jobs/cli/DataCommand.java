package org.bitquake.jobs.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DatasetFetcher;
import org.bitquake.data.ProgressPrinter;
import org.bitquake.data.Source;
import org.bitquake.data.Verifier;
import org.bitquake.jobs.console.Terminals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake data}: fetches published data sets and checks their files. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Fetch data sets (fashion-mnist, cifar-10) or verify the files of one.",
    footerHeading = "%nExample:%n",
    footer = "  bitquake data fetch fashion-mnist")
public final class DataCommand implements Callable<Integer> {
  private final List<Source> sources;

  @Spec private CommandSpec spec;

  public DataCommand() {
    this(Source.PUBLISHED);
  }

  DataCommand(List<Source> sources) {
    this.sources = sources;
  }

  @Override
  public Integer call() {
    throw new InputException(
        "data needs to know what to do: data fetch NAME or data verify NAME; NAME is "
            + String.join(" or ", sources.stream().map(Source::name).toList()));
  }

  /** Downloads a data set into {@code DIR/NAME}. */
  @Command(
      name = "fetch",
      mixinStandardHelpOptions = true,
      description = {
        "Download a data set into DIR/NAME and check it.",
        "What is there and right is kept; an interrupted download goes on where it stopped."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  bitquake data fetch fashion-mnist",
        "  bitquake data fetch cifar-10 --data /data"
      })
  int fetch(
      @Parameters(paramLabel = "NAME", description = "fashion-mnist or cifar-10") String name,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              defaultValue = "data",
              description = "a local directory (default: ${DEFAULT-VALUE})")
          String directory,
      @Option(
              names = "--url",
              paramLabel = "BASE",
              description = "another server that has the published archives")
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
      @Parameters(paramLabel = "NAME", description = "fashion-mnist or cifar-10") String name,
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
