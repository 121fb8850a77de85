package org.bitquake.jobs.config;

import java.util.Optional;
import java.util.function.BinaryOperator;
import org.bitquake.data.Datasets;
import org.bitquake.data.format.DataFormat;
import org.bitquake.data.format.DataSpec;
import org.bitquake.data.picture.Channels;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Size;

/** Labelled images in a configuration: a data set by name, or whatever lies at a path. */
public record DataSource(
    @Key(
            value = NAME,
            otherwise = "what lies at path",
            words = {Datasets.FASHION_MNIST, Datasets.CIFAR_10, Datasets.CIFAR_100})
        Optional<String> name,
    @Key(value = PATH, otherwise = "the data set of that name") Optional<String> path,
    @Key(value = FORMAT, otherwise = FOUND_OUT, labels = DataFormat.class) Optional<String> format,
    @Key(
            value = "which of its images, where there are both",
            byDefault = Defaults.SPLIT,
            words = {Datasets.TEST, Datasets.TRAIN})
        String split,
    @Key(value = DIRECTORY, otherwise = BUILT_IN) Optional<String> directory,
    @Key(value = LABELS, otherwise = USUAL) Optional<String> labels,
    @Key(value = RESIZE, otherwise = AS_STORED, least = 1, most = Size.MOST)
        Optional<PictureSize> resize,
    @Key(value = CROP, otherwise = "all of it", least = 1, most = Size.MOST)
        Optional<PictureSize> crop,
    @Key(value = CHANNELS, otherwise = NO_LOSS, labels = Channels.class) Optional<String> channels,
    @Key(value = IMAGES, otherwise = "all", least = 1) Optional<Integer> images) {
  static final String NAME = "a published data set; or give path";
  static final String PATH =
      "folder of pictures, .npz, .parquet, IDX or CIFAR files, relative to the configuration file;"
          + " or give name";
  static final String FORMAT = "what lies at path";
  static final String FOUND_OUT = "found out";
  static final String DIRECTORY =
      "folder that holds its files or a sub-folder of its name, relative to the configuration file";
  static final String BUILT_IN = "the images that bitquake brings along (fashion-mnist)";
  static final String LABELS =
      "where the labels are: a column (parquet), an array (npz), a file (idx); fine or coarse"
          + " (cifar-100)";
  static final String USUAL = "where they usually are";
  static final String RESIZE =
      "pixels of the shorter side, or 96x128 for height and width, to which pictures are resized"
          + " first";
  static final String AS_STORED = "as stored";
  static final String CROP = "the middle that is kept: a square's side, or 96x128";
  static final String CHANNELS = "grey makes colour grey, rgb repeats grey";
  static final String NO_LOSS = "those that the network takes, where nothing is lost";
  static final String IMAGES = "so many of the images, drawn once, always the same";

  public DataSource {
    requireOne(name, path);
    name.ifPresent(n -> Checks.notBlank("name", n));
    path.ifPresent(p -> Checks.notBlank("path", p));
    Checks.notBlank("split", split);
    directory.ifPresent(d -> Checks.notBlank("directory", d));
    labels.ifPresent(l -> Checks.notBlank("labels", l));
    format.ifPresent(f -> Checks.label("format", DataFormat::of, f));
    channels.ifPresent(c -> Checks.label("channels", Channels::of, c));
    requirePath(path, "format", format);
    requireName(name, directory);
    images.ifPresent(DataSource::requireSome);
  }

  static void requireOne(Optional<String> name, Optional<String> path) {
    if (name.isPresent() == path.isPresent()) {
      throw new InvalidValue(
          name.isPresent() ? "path" : "name",
          name.isPresent()
              ? "it and name exclude each other; leave one of them out"
              : "is missing, and so is path; give one of them");
    }
  }

  static void requirePath(Optional<String> path, String key, Optional<?> value) {
    if (path.isEmpty() && value.isPresent()) {
      throw new InvalidValue(key, "goes with path only; leave it out");
    }
  }

  static void requireName(Optional<String> name, Optional<String> directory) {
    if (name.isEmpty() && directory.isPresent()) {
      throw new InvalidValue("directory", "goes with name only; path says where the data are");
    }
  }

  static void requireSome(int images) {
    if (images < 1) {
      throw new InvalidValue("images", images + " is not positive");
    }
  }

  static Fitting fitting(
      Optional<String> channels, Optional<PictureSize> resize, Optional<PictureSize> crop) {
    return new Fitting(
        channels.map(Channels::of), resize.map(PictureSize::size), crop.map(PictureSize::size));
  }

  /** Whether it is a data set by name, and all of it as it is. */
  public boolean isPlainName() {
    return name.isPresent()
        && labels.isEmpty()
        && images.isEmpty()
        && fitting(channels, resize, crop).isNone();
  }

  /**
   * What is asked for.
   *
   * @param beside makes a path of a key and what the configuration says there
   */
  public DataSpec spec(BinaryOperator<String> beside) {
    return new DataSpec(
        name,
        path.map(p -> beside.apply("data.path", p)),
        format.map(DataFormat::of),
        split,
        directory.map(d -> beside.apply("data.directory", d)),
        labels,
        fitting(channels, resize, crop),
        images);
  }
}
