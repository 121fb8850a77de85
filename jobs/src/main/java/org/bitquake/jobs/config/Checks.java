package org.bitquake.jobs.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bitquake.InputException;

/** What the constructors of configurations ask of their values. */
final class Checks {
  private Checks() {}

  static void notBlank(String key, String value) {
    if (value.isBlank()) {
      throw new InvalidValue(key, "is blank");
    }
  }

  static void fraction(String key, double value) {
    if (!(value > 0 && value < 1)) {
      throw new InvalidValue(key, value + " is not between 0 and 1");
    }
  }

  static <E> List<E> notEmpty(String key, List<E> values) {
    if (values.isEmpty()) {
      throw new InvalidValue(key, "is empty; give at least one");
    }
    return List.copyOf(values);
  }

  static <E> List<E> distinct(String key, List<E> values) {
    Set<E> seen = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      if (!seen.add(values.get(i))) {
        throw new InvalidValue(key + "[" + i + "]", values.get(i) + " is here twice");
      }
    }
    return notEmpty(key, values);
  }

  static void label(String key, Consumer<String> of, String label) {
    try {
      of.accept(label);
    } catch (InputException e) {
      throw new InvalidValue(key, e.getMessage());
    }
  }
}
