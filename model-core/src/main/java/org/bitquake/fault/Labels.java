package org.bitquake.fault;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;

/** Finds enum constants by the names that configurations and tables use. */
final class Labels {
  private Labels() {}

  static <E> E find(String what, E[] values, Function<E, String> label, String wanted) {
    return Arrays.stream(values)
        .filter(value -> label.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "unknown %s \"%s\": use one of %s",
                        what,
                        wanted,
                        Arrays.stream(values).map(label).collect(Collectors.joining(", ")))));
  }
}
