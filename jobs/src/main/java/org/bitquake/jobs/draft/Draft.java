package org.bitquake.jobs.draft;

import static org.bitquake.jobs.draft.DraftText.list;
import static org.bitquake.jobs.draft.DraftText.quoted;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.config.ConfigKind;

/** A configuration file to start from, which its command takes as it is. */
public final class Draft {
  private static final String BUNDLED_NETWORK = "networks/lenet5-standard.qnn.npz";

  private final DraftText text;
  private final Subject subject;
  private final Places places;
  private final Optional<String> directory;

  private Draft(ConfigKind kind, Subject subject, Places places, Optional<String> data) {
    this.text = new DraftText(kind);
    this.subject = subject;
    this.places = places;
    this.directory =
        data.or(() -> subject.bundled() ? Optional.empty() : Optional.of("data"))
            .map(folder -> places.beside(new Path(folder)));
  }

  /**
   * The text of a file.
   *
   * @param networks files of the networks that it is for; if none are given, the LeNet-5 that
   *     travels with bitquake
   * @param data folder of the data set, or where images of the user's own lie; empty for what
   *     travels in the jar, or {@code data}
   * @param output where the file will lie; empty where that is not known
   * @throws InputException if a network cannot be read or there are no images for it
   */
  public static String text(
      ConfigKind kind,
      List<String> networks,
      Optional<String> data,
      Optional<Path> output,
      Configuration hadoop)
      throws IOException {
    var places = new Places(output);
    var files = networks.isEmpty() ? List.of(bundled()) : networks.stream().map(Path::new).toList();
    var draft = new Draft(kind, Subject.read(files, data, hadoop), places, data);
    places.schema(kind).ifPresent(s -> draft.text.comment("yaml-language-server: $schema=" + s));
    switch (kind) {
      case CAMPAIGN -> draft.campaign();
      case SINGLE_FAULT -> draft.singleFaults();
      case LANDSCAPE -> draft.landscape();
      case CNVLUTIN -> draft.cnvlutin();
      case PROTECT -> draft.protect();
      case TRAIN -> new TrainDraft(draft.text, draft.subject, draft.directory).write();
    }
    return draft.text.toString();
  }

  private static Path bundled() {
    var file = Places.conf().resolve(BUNDLED_NETWORK);
    if (!Files.exists(file)) {
      throw new InputException("no network to write a file for; name one with --network FILE");
    }
    return new Path(file.toUri());
  }

  private void campaign() {
    head("Accuracy of %s under weight-memory faults.", "");
    text.key("faults", "")
        .key("faults.kinds", subject.slow() ? "[bit-flip]" : "[bit-flip, stuck-at-0, stuck-at-1]")
        .key(
            "faults.rates",
            subject.deep()
                ? "[0, 0.001, 0.003, 0.01, 0.02, 0.03]"
                : "[0, 0.01, 0.02, 0.03, 0.04, 0.05]");
    memory();
    text.key("trials", "{until: {halfWidth: 0.01}}")
        .key("images", "auto")
        .off("confidence", "0.99");
    output("");
  }

  private void singleFaults() {
    head("One faulty memory cell of %s at a time, always on the same images.", "single-fault-");
    text.key("faults", "")
        .key("faults.kind", "single-bit-flip")
        .key("faults.population", "sample")
        .key("faults.margin", "0.01")
        .off("faults.per", "layer");
    memory();
    text.key("images", subject.deep() ? "200" : "1000");
    output("single-fault-");
  }

  private void landscape() {
    boolean deep = subject.deep();
    head("Losses around the weights of %s, and how sharp their minima are.", "landscape-");
    text.key("images", deep ? "{count: 500}" : "{count: 1000}")
        .off("mode", "requantised")
        .key("lines", deep ? "{points: 21, directions: 3}" : "{points: 51, directions: 5}")
        .key("surface", deep ? "{points: 21}" : "{points: 51}")
        .key("sharpness", "")
        .key("sharpness.radii", "[0.1, 0.3]")
        .key("sharpness.directions", deep ? "20" : "50")
        .key(
            "sharpness.hessian",
            deep ? "{probes: 8, tolerance: 0.05}" : "{probes: 30, tolerance: 0.01}");
    output("landscape-");
  }

  private void cnvlutin() {
    head("Cycles of %s on an accelerator that skips activations that are 0.", "cnvlutin-");
    text.key("images", subject.deep() ? "1000" : "all")
        .key("accelerator", "")
        .key("accelerator.lanes", "16")
        .key("accelerator.encodeFirstLayer", "false")
        .key("accelerator.encodeFullyConnected", Boolean.toString(subject.dense()))
        .key("faults", "")
        .key("faults.kinds", "[bit-flip]")
        .key("faults.rates", subject.deep() ? "[0.01, 0.03]" : "[0.01, 0.03, 0.05]")
        .key("faults.maps", "4");
    memory();
    output("cnvlutin-");
  }

  private void protect() {
    head("The cheapest protection of %s that keeps its accuracy under faults.", "protect-");
    text.key("faults", "")
        .key("faults.kinds", "[bit-flip]")
        .key("faults.rates", subject.deep() ? "[0.003]" : "[0.01]");
    memory();
    text.key("target", "{loss: 0.02}")
        .off("allow", "{techniques: [harden, secded], area: 0.2}")
        .off("trials", "{search: 256, confirm: 8192}")
        .off("images", "128")
        .off("confidence", "0.99");
    output("protect-");
  }

  /** What all but trainings begin with. */
  private void head(String title, String prefix) {
    text.comment(String.format(Locale.ROOT, title, name()));
    subject.needs().ifPresent(fetch -> text.comment("Needs the test set: " + fetch));
    text.key("name", quoted(prefix + name())).key("seed", "1").key("networks", "");
    for (var member : subject.networks()) {
      String file = quoted(places.beside(member.file()));
      text.element(
          member
              .rename()
              .map(name -> Text.of("{file: %s, name: %s}", file, quoted(name)))
              .orElse(file));
    }
    text.key("data", subject.data(directory));
  }

  private void memory() {
    text.off("faults.encoding", "offset-binary"); // fits all codes
    if (!subject.layers().isEmpty()) {
      text.off("faults.layers", list(subject.layers()));
    }
    text.off("faults.bits", Text.of("[%d]", subject.topBit()));
  }

  private void output(String prefix) {
    text.key("output", quoted("results/" + prefix + name()));
  }

  private String name() {
    return subject.name().orElse("networks");
  }
}
