package org.bitquake.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.bitquake.network.MobileNet;
import org.bitquake.network.ResNet18;
import org.bitquake.network.Vgg11;

/** The architectures that can be trained. */
public enum KnownModel {
  LENET5("LeNet-5", OptionalInt.empty()),
  RESNET18("ResNet-18", OptionalInt.of(64)),
  VGG11("VGG-11", OptionalInt.of(64)),
  MOBILENET("MobileNet", OptionalInt.of(32));

  private final String title;
  private final OptionalInt standardWidth;

  KnownModel(String title, OptionalInt standardWidth) {
    this.title = title;
    this.standardWidth = standardWidth;
  }

  /** The one that a configuration calls so. */
  public static Optional<KnownModel> of(String label) {
    return Arrays.stream(values()).filter(m -> m.label().equals(label)).findFirst();
  }

  /** All labels, for people. */
  static String labels() {
    return Arrays.stream(values()).map(KnownModel::label).collect(Collectors.joining(", "));
  }

  /** As in a configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people and provenance. */
  public String title() {
    return title;
  }

  /** Width as published; empty where there is one only. */
  public OptionalInt standardWidth() {
    return standardWidth;
  }

  /**
   * How it is trained where nothing else is asked for.
   *
   * @param goesOn whether from another network, instead of from random weights
   */
  public TrainDefaults defaults(boolean goesOn) {
    return switch (this) {
      case LENET5 -> TrainDefaults.leNet5();
      case RESNET18, MOBILENET -> TrainDefaults.normalized(goesOn, goesOn ? 6 : 16);
      case VGG11 -> TrainDefaults.normalized(goesOn, goesOn ? 4 : 10);
    };
  }

  /** That for ten classes. */
  Architecture architecture(OptionalInt width) {
    return architecture(width, TrainOptions.Model.CLASSES);
  }

  Architecture architecture(OptionalInt width, int classes) {
    return architecture(width, classes, false);
  }

  /**
   * @param normalise whether LeNet-5 has batch normalisation
   */
  Architecture architecture(OptionalInt width, int classes, boolean normalise) {
    return switch (this) {
      case LENET5 -> new LeNet5Graph(classes, normalise);
      case RESNET18 -> new NormalizedGraph(title, width.getAsInt(), classes, ResNet18::of);
      case VGG11 -> new NormalizedGraph(title, width.getAsInt(), classes, Vgg11::of);
      case MOBILENET -> new NormalizedGraph(title, width.getAsInt(), classes, MobileNet::of);
    };
  }
}
