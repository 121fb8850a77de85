package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bitquake.Text;

/**
 * One way to write a value that is either a word, or a name with settings: {@code row}, {@code
 * columns: {shape: 0.5}}.
 */
interface Form<T> {
  /** The word or name. */
  String label();

  /** Whether it has settings; where a word is written without and with any, it has two forms. */
  boolean hasSettings();

  /** Whether its settings are a list. */
  default boolean isList() {
    return false;
  }

  /** The value; settings only where it has any. */
  T read(Settings settings);

  /** As people write it. */
  default String sample() {
    return hasSettings() ? "{" + label() + (isList() ? ": […]}" : ": …}") : label();
  }

  /**
   * Reads a value.
   *
   * @param what to call it
   * @throws InvalidValue if it has no such form
   */
  static <T> T read(String what, List<? extends Form<T>> forms, JsonNode node) {
    if (node.isTextual()) {
      var form = find(what, forms, node.textValue(), false);
      if (form.hasSettings()) {
        throw new IllegalArgumentException(
            Text.of("%s needs its settings: write %s", form.label(), form.sample()));
      }
      return form.read(Settings.NONE);
    }
    if (!node.isObject() || node.size() != 1) {
      throw new IllegalArgumentException(Text.of("expected one %s: %s", what, samples(forms)));
    }
    String label = node.fieldNames().next();
    var form = find(what, forms, label, true);
    if (!form.hasSettings()) {
      throw new IllegalArgumentException(
          Text.of("%s has no settings: write %s alone", label, label));
    }
    return form.read(new Settings(label, node.get(label)));
  }

  private static <T> Form<T> find(
      String what, List<? extends Form<T>> forms, String label, boolean withSettings) {
    List<Form<T>> found = new ArrayList<>(forms);
    found.removeIf(form -> !form.label().equals(label));
    return found.stream()
        .filter(form -> form.hasSettings() == withSettings)
        .findFirst()
        .or(() -> found.stream().findFirst())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Text.of("unknown %s \"%s\"; there are %s", what, label, samples(forms))));
  }

  private static String samples(List<? extends Form<?>> forms) {
    return forms.stream().map(Form::sample).collect(Collectors.joining(", "));
  }

  /** The constants of an enum of forms. */
  static List<Form<?>> of(Class<?> forms) {
    return Arrays.stream(forms.getEnumConstants()).<Form<?>>map(Form.class::cast).toList();
  }
}
