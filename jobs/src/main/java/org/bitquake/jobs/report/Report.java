package org.bitquake.jobs.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.BuildInfo;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.FigureSheet;
import org.bitquake.jobs.store.ResultDirectory;

/** The page of one or more result directories. */
final class Report {
  private static final int HEAD = 4096;

  private Report() {}

  /**
   * A page.
   *
   * @param page the file
   * @param figures of the page that can be files too
   * @param fingerprint of the tables, and of the program that made the page
   */
  record Written(Path page, List<FigureFile> figures, String fingerprint) {}

  /**
   * A figure of the page, drawn when it is asked for.
   *
   * @param directory that its values are from
   * @param stem of its files: the name of the question
   */
  record FigureFile(String directory, String stem, FigureSheet sheet) {}

  /**
   * Writes the page. The same tables give the same page, byte for byte.
   *
   * @param directories at least one, in the order of the page
   * @param output a file; otherwise {@code report.html} in the only directory, or beside the first
   * @param overwrite whether to replace a file there that is no report
   * @return the file, and the figures to go beside the tables
   * @throws InputException if a directory has no tables, or the file there is not bitquake's
   */
  static Written write(
      SparkSession spark, List<String> directories, Optional<String> output, boolean overwrite)
      throws IOException {
    var hadoop = spark.sessionState().newHadoopConf();
    List<Results> all = new ArrayList<>();
    directories.forEach(directory -> all.add(Results.open(() -> spark, hadoop, directory)));
    Path file = file(all, output);
    if (!overwrite) {
      requireOurs(file, hadoop);
    }
    var page = page(all);
    write(file, page.page(), hadoop);
    return new Written(file, page.figures(), fingerprint(all));
  }

  /**
   * The page of one directory, if it is there and of these very tables.
   *
   * @return the file and its fingerprint, without figures
   */
  static Optional<Written> current(Configuration hadoop, String directory) throws IOException {
    var results =
        List.of(
            Results.open(
                () -> {
                  throw new IllegalStateException("a page is not compared by its questions");
                },
                hadoop,
                directory));
    Path file = file(results, Optional.empty());
    String fingerprint = fingerprint(results);
    return head(file, hadoop)
        .filter(head -> PageHtml.isReport(head) && head.contains(fingerprint))
        .map(head -> new Written(file, List.of(), fingerprint));
  }

  /**
   * Writes the page of one directory into it, unless something else is there, which stays.
   *
   * @return empty if something else is there
   */
  static Optional<Written> keep(SparkSession spark, String directory) throws IOException {
    var hadoop = spark.sessionState().newHadoopConf();
    var results = List.of(Results.open(() -> spark, hadoop, directory));
    var head = head(file(results, Optional.empty()), hadoop);
    return head.isPresent() && !PageHtml.isReport(head.get())
        ? Optional.empty()
        : Optional.of(write(spark, List.of(directory), Optional.empty(), false));
  }

  private static void write(Path file, String page, Configuration hadoop) {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    FigureFiles.write(Map.of(file.getName(), bytes), file.getParent(), hadoop);
  }

  private static Path file(List<Results> all, Optional<String> output) {
    Path first = all.get(0).store().root();
    if (output.isPresent()) {
      Path file = new Path(output.get());
      return file.getParent() == null || file.getName().isEmpty()
          ? new Path(new Path("."), file)
          : file;
    }
    Path folder = all.size() == 1 || first.getParent() == null ? first : first.getParent();
    return new Path(folder, ResultDirectory.REPORT);
  }

  private static void requireOurs(Path file, Configuration hadoop) throws IOException {
    var head = head(file, hadoop);
    if (head.isPresent() && !PageHtml.isReport(head.get())) {
      throw new InputException(
          Text.of(
              "%s: is there and no report of bitquake; choose another --output, or --overwrite",
              file));
    }
  }

  /** The beginning of a file, if there is one. */
  private static Optional<String> head(Path file, Configuration hadoop) throws IOException {
    var fs = file.getFileSystem(hadoop);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    if (fs.getFileStatus(file).isDirectory()) {
      throw new InputException(file + ": is a directory; --output names a file");
    }
    try (var in = fs.open(file)) {
      return Optional.of(new String(in.readNBytes(HEAD), StandardCharsets.UTF_8));
    }
  }

  private static PageHtml page(List<Results> all) throws IOException {
    List<String> networks = new ArrayList<>();
    all.forEach(results -> networks.addAll(results.networks()));
    var styles = Styles.of(networks);
    List<Part> parts = new ArrayList<>();
    for (Results results : all) {
      parts.add(Part.of(results, all, styles));
    }
    if (parts.stream().allMatch(part -> part.sections().isEmpty())) {
      throw new InputException(
          Text.of("%s: nothing to report yet; run the job to its end", all.get(0).place()));
    }
    var together = new SharpnessAgainstLoss(all, styles).sections();
    return new PageHtml(parts, together, fingerprint(all));
  }

  /** Changes with the tables, and with the program that makes the page. */
  private static String fingerprint(List<Results> all) {
    var text = new StringBuilder(BuildInfo.version()).append(PageHtml.FORMAT);
    for (Results results : all) {
      text.append('\n').append(results.place()).append(results.identityHash());
      for (String table : results.tables()) {
        text.append('\n').append(table).append(results.store().parts(table));
      }
    }
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
