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
public final class Report {
  private static final int HEAD = 4096;

  private Report() {}

  /**
   * A page.
   *
   * @param page the file
   * @param figures of the page that can be files too
   */
  public record Written(Path page, List<FigureFile> figures) {}

  /**
   * A figure of the page, drawn when it is asked for.
   *
   * @param directory that its values are from
   * @param stem of its files: the name of the question
   */
  public record FigureFile(String directory, String stem, FigureSheet sheet) {}

  /**
   * Writes the page. The same tables give the same page, byte for byte.
   *
   * @param directories at least one, in the order of the page
   * @param output a file; otherwise {@code report.html} in the only directory, or beside the first
   * @param overwrite whether to replace a file there that is no report
   * @return the file, and the figures to go beside the tables
   * @throws InputException if a directory has no tables, or the file there is not bitquake's
   */
  public static Written write(
      SparkSession spark, List<String> directories, Optional<String> output, boolean overwrite)
      throws IOException {
    List<Results> all = new ArrayList<>();
    directories.forEach(directory -> all.add(Results.open(spark, directory)));
    Path file = file(all, output);
    var hadoop = spark.sessionState().newHadoopConf();
    if (!overwrite) {
      requireOurs(file, hadoop);
    }
    var page = page(all);
    write(file, page.page(), hadoop);
    return new Written(file, page.figures());
  }

  /**
   * The page of one directory, written unless it is there and of these very tables.
   *
   * @return the file; empty if something else is there, which stays
   */
  public static Optional<Path> keep(SparkSession spark, String directory) throws IOException {
    var results = List.of(Results.open(spark, directory));
    Path file = file(results, Optional.empty());
    var hadoop = spark.sessionState().newHadoopConf();
    Optional<String> head = head(file, hadoop);
    if (head.isPresent() && !PageHtml.isReport(head.get())) {
      return Optional.empty();
    }
    if (head.isEmpty() || !head.get().contains(fingerprint(results))) {
      write(file, page(results).page(), hadoop);
    }
    return Optional.of(file);
  }

  private static void write(Path file, String page, Configuration hadoop) throws IOException {
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

  private static PageHtml page(List<Results> all) {
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
    var together = new SharpnessAgainstLoss(all, styles).section().map(List::of).orElse(List.of());
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
