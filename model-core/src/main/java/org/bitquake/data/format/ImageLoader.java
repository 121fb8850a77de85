package org.bitquake.data.format;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Pixels;
import org.bitquake.data.Shape;
import org.bitquake.data.format.LabelledImages.Decoded;
import org.bitquake.data.format.LabelledImages.Encoded;
import org.bitquake.data.format.LabelledImages.PictureFile;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Picture;

/** Loads labelled images from anywhere, decoded, in the form that a network takes. */
public final class ImageLoader {
  /**
   * What the images are for.
   *
   * @param channels that a network takes
   * @param classes that it tells apart, where that is known; images may have fewer, not others
   */
  public record Wanted(int channels, OptionalInt classes) {}

  private final DataSpec spec;
  private final Optional<Wanted> wanted;
  private final ImageProgress progress;

  private ImageLoader(DataSpec spec, Optional<Wanted> wanted, ImageProgress progress) {
    this.spec = spec;
    this.wanted = wanted;
    this.progress = progress;
  }

  /**
   * Loads images.
   *
   * @param wanted empty where they are for nothing in particular
   * @throws InputException that names the file, if there are none, one cannot be read, has another
   *     size or a label outside the classes, or they do not fit into memory
   */
  public static Dataset load(
      DataSpec spec, Optional<Wanted> wanted, Configuration hadoop, ImageProgress progress) {
    return new ImageLoader(spec, wanted, progress).load(hadoop);
  }

  /**
   * The format of what lies at a path: the one that is said, or found out.
   *
   * @return empty for a data set by name
   * @throws InputException if nothing that is known lies there
   */
  public static Optional<DataFormat> format(DataSpec spec, Configuration hadoop) {
    return spec.path()
        .map(path -> spec.format().orElseGet(() -> DataFormat.find(place(spec, path, hadoop))));
  }

  private static DataPlace place(DataSpec spec, String path, Configuration hadoop) {
    return DataPlace.of(path, spec.split(), spec.labels(), hadoop);
  }

  private Dataset load(Configuration hadoop) {
    var format = format(spec, hadoop);
    if (format.isPresent()) {
      return dataset(format.get().open(place(spec, spec.path().orElseThrow(), hadoop)));
    }
    Dataset all =
        Datasets.load(
            spec.name().orElseThrow(), spec.split(), spec.directory(), spec.labels(), hadoop);
    boolean asItIs =
        spec.fitting().isNone()
            && spec.images().isEmpty()
            && channels().orElse(all.shape().channels()) == all.shape().channels();
    return asItIs ? all : dataset(images(all));
  }

  private static LabelledImages images(Dataset all) {
    int[] labels = IntStream.range(0, all.size()).map(all::label).toArray();
    return new LabelledImages(
        all.name(),
        new Labels(labels, all.classNames()),
        i -> Text.of("image %d of %s", i, all.name()),
        new Decoded(new Pixels(all.shape(), all.pixels())));
  }

  private OptionalInt channels() {
    return wanted.map(w -> OptionalInt.of(w.channels())).orElse(OptionalInt.empty());
  }

  private Dataset dataset(LabelledImages found) {
    int[] chosen = chosen(found);
    Labels labels = found.labels().of(chosen);
    int classes = classes(found, labels, chosen);
    Pixels pixels = pixels(found, chosen);
    return new Dataset(
        found.title(),
        pixels.shape(),
        classes,
        pixels.values(),
        Dataset.labels(labels.values(), classes),
        labels.names());
  }

  /**
   * Numbers of the images to take, ascending: all, or so many drawn without replacement (Knuth, The
   * Art of Computer Programming, volume 2, 3.4.2, Algorithm S, with {@link Random} of seed 1).
   */
  private int[] chosen(LabelledImages found) {
    int all = found.labels().count();
    if (all == 0) {
      throw new InputException(found.title() + ": no images");
    }
    int count = spec.images().orElse(all);
    if (count > all) {
      throw new InputException(Text.of("images: %d, but %s has %d", count, found.title(), all));
    }
    var random = new Random(1);
    int[] chosen = new int[count];
    for (int i = 0, n = 0; n < count; i++) {
      if (random.nextInt(all - i) < count - n) {
        chosen[n++] = i;
      }
    }
    return chosen;
  }

  private int classes(LabelledImages found, Labels labels, int[] chosen) {
    var known = wanted.map(Wanted::classes).orElse(OptionalInt.empty());
    if (labels.isClosed() || known.isEmpty()) {
      return labels.classes();
    }
    int classes = known.getAsInt();
    for (int i = 0; i < labels.count(); i++) {
      if (labels.values()[i] >= classes) {
        throw new InputException(
            Text.of(
                "%s: label %d, but the network has classes 0…%d",
                found.where().apply(chosen[i]), labels.values()[i], classes - 1));
      }
    }
    return classes;
  }

  private Pixels pixels(LabelledImages found, int[] chosen) {
    boolean all = chosen.length == found.labels().count();
    if (found.contents() instanceof Decoded array) {
      Shape shape = array.pixels().shape();
      boolean isPicture = shape.channels() == 1 || shape.channels() == 3;
      boolean same =
          spec.fitting().isNone()
              && (!isPicture || channels().orElse(shape.channels()) == shape.channels());
      return same && all ? array.pixels() : array(found, array.pixels(), chosen);
    }
    Encoded encoded = (Encoded) found.contents();
    try (var decoding = decoding(found, chosen, channels())) {
      encoded.files().forEach(new Choice(chosen, decoding));
      return decoding.finish();
    } catch (IOException e) {
      throw new InputException(
          Text.of("%s: cannot be read: %s", found.title(), DataFile.reason(e)), e);
    }
  }

  private Pixels array(LabelledImages found, Pixels pixels, int[] chosen) {
    Shape shape = pixels.shape();
    var stored = spec.fitting().channels().map(c -> c.count()).orElse(shape.channels());
    try (var decoding = decoding(found, chosen, OptionalInt.of(channels().orElse(stored)))) {
      for (int image : chosen) {
        int from = image * shape.size();
        decoding.add(
            decoder ->
                new Picture(shape, Arrays.copyOfRange(pixels.values(), from, from + shape.size())));
      }
      return decoding.finish();
    }
  }

  private Decoding decoding(LabelledImages found, int[] chosen, OptionalInt channels) {
    Fitting fitting = spec.fitting();
    return new Decoding(
        found.title(),
        chosen.length,
        fitting,
        channels,
        i -> found.where().apply(chosen[i]),
        progress);
  }

  /** Passes on the files that are chosen. */
  private static final class Choice implements Consumer<PictureFile> {
    private final BitSet chosen = new BitSet();
    private final Decoding decoding;
    private int next;

    Choice(int[] images, Decoding decoding) {
      this.decoding = decoding;
      for (int image : images) {
        chosen.set(image);
      }
    }

    @Override
    public void accept(PictureFile file) {
      if (chosen.get(next++)) {
        decoding.add(decoder -> decoder.decode(file.read()));
      }
    }
  }
}
