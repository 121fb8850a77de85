package org.bitquake.jobs.replay;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.data.format.ImageLoader.Wanted;
import org.bitquake.jobs.config.DataSource;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.console.PictureProgress;
import org.bitquake.jobs.injection.RecordedChips;
import org.bitquake.jobs.injection.RecordedRow;
import org.bitquake.jobs.singlefault.RecordedFault;
import org.bitquake.jobs.store.Origin;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.trial.TrialRow;
import org.bitquake.network.QuantizedNetwork;

/**
 * The images and measured chips of a campaign, loaded again as its configuration asked for them,
 * and kept for the next row.
 */
public final class RecordedData {
  private final Optional<Origin> origin;
  private final Optional<String> place;
  private final Configuration hadoop;
  private final RecordedChips chips;
  private Optional<Wanted> loadedFor = Optional.empty();
  private Dataset loaded;

  private RecordedData(
      Optional<Origin> origin,
      Optional<String> place,
      Optional<String> chips,
      Configuration hadoop) {
    this.chips = new RecordedChips(origin, chips, hadoop);
    this.origin = origin;
    this.place = place;
    this.hadoop = hadoop;
  }

  /**
   * The images, and measured chips, of what a directory holds.
   *
   * @param files where they lie now
   */
  public static RecordedData of(String directory, Replay.Files files, Configuration hadoop) {
    var origin = ResultDirectory.origin(directory, hadoop);
    return new RecordedData(origin, files.data(), files.chips(), hadoop);
  }

  /** A row with what the files hold that its memory names. */
  RecordedRow complete(RecordedRow row) {
    if (row instanceof RecordedFault fault) {
      return fault.with(chips.complete(fault.memory()));
    }
    return row instanceof TrialRow trial ? trial.with(chips.complete(trial.kind())) : row;
  }

  /** Where the images lie, for messages. */
  String where() {
    return place.orElse("built in, or where the configuration says");
  }

  /** The images of a row, as its network takes them. */
  Dataset load(RecordedRow row, QuantizedNetwork network) {
    var wanted = new Wanted(network.inputShape().channels(), OptionalInt.of(network.classes()));
    if (!loadedFor.equals(Optional.of(wanted))) {
      try (var progress = new PictureProgress()) {
        loaded = ImageLoader.load(spec(row.dataset()), Optional.of(wanted), hadoop, progress);
      }
      loadedFor = Optional.of(wanted);
    }
    return loaded;
  }

  private DataSpec spec(String dataset) {
    return configured()
        .filter(data -> !data.isPlainName())
        .map(this::spec)
        .orElseGet(() -> named(dataset));
  }

  private DataSpec named(String dataset) {
    String[] name = dataset.split("/", 2);
    String split = name.length > 1 && name[1].startsWith("train") ? "train" : "test";
    return DataSpec.named(name[0], split, place);
  }

  private DataSpec spec(DataSource data) {
    String config = origin.orElseThrow().config();
    var asked = data.spec((key, path) -> Yaml.beside(config, path));
    return place.or(() -> origin.flatMap(Origin::data)).map(asked::in).orElse(asked);
  }

  private Optional<DataSource> configured() {
    return origin.flatMap(o -> Yaml.part(o.text(), o.config(), "data", DataSource.class));
  }
}
