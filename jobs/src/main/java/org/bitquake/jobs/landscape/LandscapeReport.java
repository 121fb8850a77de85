package org.bitquake.jobs.landscape;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.console.TextTable;

/**
 * The end of a landscape job in words.
 *
 * @param sharpness rows of the table {@code sharpness}
 * @param points rows of the table {@code landscape}
 * @param place where the tables lie
 */
record LandscapeReport(Landscape landscape, List<Row> sharpness, long points, String place) {
  String text() {
    var text = new StringBuilder();
    if (!sharpness.isEmpty()) {
      text.append(heading()).append('\n').append(table()).append('\n');
    }
    text.append(
        Text.of(
            "%,d grid points on %,d images%s in %s%n",
            points,
            landscape.images().size(),
            sharpness.isEmpty() ? "; table landscape" : "; tables landscape, sharpness",
            place));
    return text.toString();
  }

  private String heading() {
    var first = sharpness.get(0);
    return Text.of(
        """
        Sharpness at the weight codes, on %,d images. Rises are of the loss, in nats, ± standard error:
        SAM within a ball of radius %s of the weights (1 step, %d steps); mean over %d random
        filter-normalised directions. Largest eigenvalue and trace are the Hessian's.
        """,
        landscape.images().size(),
        first.<Double>getAs("radius"),
        samples("sam-ascent"),
        samples("mean-rise"));
  }

  private int samples(String measure) {
    return sharpness.stream()
        .filter(row -> row.<String>getAs("measure").equals(measure))
        .mapToInt(row -> row.<Integer>getAs("samples"))
        .findFirst()
        .orElse(0);
  }

  private String table() {
    List<Row> columns = of(landscape.networks().get(0).name());
    List<String> titles = new ArrayList<>(List.of("network", "loss", "accuracy %"));
    columns.forEach(column -> titles.add(title(column)));
    var table = new TextTable(titles);
    for (var network : landscape.networks()) {
      List<Row> its = of(network.name());
      List<String> line = new ArrayList<>();
      line.add(network.name());
      line.add(number(its.get(0).<Double>getAs("loss")));
      line.add(Text.of("%.2f", 100 * its.get(0).<Double>getAs("accuracy")));
      its.forEach(row -> line.add(value(row)));
      table.add(line);
    }
    return table.render();
  }

  private List<Row> of(String network) {
    return sharpness.stream().filter(r -> r.<String>getAs("network").equals(network)).toList();
  }

  private static String title(Row row) {
    String measure = row.getAs("measure");
    return switch (measure) {
      case "sam-one-step" -> "SAM, 1 step";
      case "sam-ascent" -> Text.of("SAM, %d steps", row.<Integer>getAs("samples"));
      case "mean-rise" -> Text.of("rise at %s", row.<Double>getAs("radius"));
      case "largest-eigenvalue" -> "eigenvalue";
      default -> measure;
    };
  }

  private static String value(Row row) {
    Double error = row.getAs("standard_error");
    Boolean converged = row.getAs("converged");
    String mean = number(row.<Double>getAs("value"));
    if (Boolean.FALSE.equals(converged)) {
      error = row.getAs("residual"); // not converged: all that is known
    }
    return error == null ? mean : mean + " ± " + number(error);
  }

  /** About three digits. */
  private static String number(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
