package org.bitquake.data.format;

import java.util.Locale;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.Text;

/** The forms in which labelled images come; this is the one place that tells them apart. */
public enum DataFormat {
  /** A sub-folder of pictures for each class, or a folder of pictures and {@code labels.csv}. */
  FOLDER("folder"),

  /** Arrays {@code images} and {@code labels} in a NumPy file. */
  NPZ("npz"),

  /** A column of picture files and one of labels, in one Parquet file or a folder of them. */
  PARQUET("parquet"),

  /** A pair of IDX files, as of MNIST. */
  IDX("idx"),

  /** CIFAR-10's binary files. */
  CIFAR_10("cifar-10"),

  /** CIFAR-100's binary files. */
  CIFAR_100("cifar-100");

  private final String label;

  DataFormat(String label) {
    this.label = label;
  }

  /** As in a configuration. */
  public String label() {
    return label;
  }

  /**
   * The one that is called so.
   *
   * @throws InputException if there is none
   */
  public static DataFormat of(String label) {
    for (var format : values()) {
      if (format.label.equals(label)) {
        return format;
      }
    }
    throw new InputException(
        Text.of(
            "there is no format '%s'; known are folder, npz, parquet, idx, cifar-10, cifar-100",
            label));
  }

  /** Reads what lies there, but decodes no picture yet. */
  LabelledImages open(DataPlace place) {
    return switch (this) {
      case FOLDER -> FolderFormat.open(place);
      case NPZ -> NumpyFormat.open(place);
      case PARQUET -> ParquetFormat.open(place);
      case IDX -> IdxFormat.open(place);
      case CIFAR_10 -> CifarFormat.openCifar10(place);
      case CIFAR_100 -> CifarFormat.openCifar100(place);
    };
  }

  /**
   * The format of what lies at a place.
   *
   * @throws InputException if nothing does, or it is in none of them
   */
  static DataFormat find(DataPlace place) {
    return (place.isFolder() ? ofFolder(place) : ofFile(place))
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "%s: no data that bitquake knows: a folder with a sub-folder of PNG, JPEG or"
                            + " BMP pictures for each class or with pictures and labels.csv, .npz,"
                            + " .parquet, IDX or CIFAR files",
                        place.display())));
  }

  private static Optional<DataFormat> ofFile(DataPlace place) {
    String name = place.path().getName().toLowerCase(Locale.ROOT);
    if (name.endsWith(NumpyFormat.ENDING)) {
      return Optional.of(NPZ);
    }
    if (name.endsWith(ParquetFormat.ENDING)) {
      return Optional.of(PARQUET);
    }
    return CifarFormat.of(place)
        .or(() -> IdxFormat.isAt(place) ? Optional.of(IDX) : Optional.empty());
  }

  private static Optional<DataFormat> ofFolder(DataPlace place) {
    if (ParquetFormat.isIn(place)) {
      return Optional.of(PARQUET);
    }
    if (IdxFormat.isIn(place)) {
      return Optional.of(IDX);
    }
    return CifarFormat.in(place)
        .or(() -> FolderFormat.isIn(place) ? Optional.of(FOLDER) : Optional.empty())
        .or(() -> NumpyFormat.isIn(place) ? Optional.of(NPZ) : Optional.empty());
  }
}
