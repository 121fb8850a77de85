package org.bitquake.data.format;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.data.Dataset;

/**
 * The labels of images.
 *
 * @param values the class of each image
 * @param names of all classes, in their order; none where labels are only numbers, and how many
 *     classes there are is not known
 */
record Labels(int[] values, List<String> names) {
  /** Numbers alone. */
  static Labels numbers(int[] values) {
    return new Labels(values, List.of());
  }

  /** Numbers alone, a byte each. */
  static Labels numbers(byte[] values) {
    int[] numbers = new int[values.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = values[i] & 0xff;
    }
    return numbers(numbers);
  }

  /** Numbers where each is the place of its name among all, sorted by code points. */
  static Labels named(List<String> ofImages) {
    List<String> names = ofImages.stream().distinct().sorted(DataPlace.BY_NAME).toList();
    Map<String, Integer> places = new HashMap<>();
    names.forEach(name -> places.put(name, places.size()));
    return new Labels(ofImages.stream().mapToInt(places::get).toArray(), names);
  }

  int count() {
    return values.length;
  }

  /** The number of classes that there must be at least. */
  int classes() {
    return names.isEmpty() ? Arrays.stream(values).max().orElse(0) + 1 : names.size();
  }

  /** Whether it is known how many classes there are. */
  boolean isClosed() {
    return !names.isEmpty();
  }

  /** Those of some images. */
  Labels of(int[] images) {
    return new Labels(Arrays.stream(images).map(i -> values[i]).toArray(), names);
  }

  /** Whether a number can be a label. */
  static boolean isPossible(long value) {
    return value >= 0 && value < Dataset.MAX_CLASSES;
  }
}
