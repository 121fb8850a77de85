package org.bitquake.jobs.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** The keys of a kind of configuration file, as its record declares them with {@link Key}. */
public final class ConfigKeys {
  private final List<Entry> entries = new ArrayList<>();

  private ConfigKeys() {}

  /**
   * One key.
   *
   * @param path such as {@code faults.rates}; keys of the members of a list are {@code
   *     networks[].name}
   * @param type of its value, or of the elements of the list that it is
   * @param list true where it is a list
   * @param key what is declared
   * @param required true where it must be given
   */
  public record Entry(String path, Class<?> type, boolean list, Key key, boolean required) {
    /** What it may be, for people; empty where its type says it all. */
    public String bounds() {
      var bounds = new StringJoiner(", ");
      range().forEach(bounds::add);
      if (key.odd()) {
        bounds.add("odd");
      }
      allowed().forEach(bounds::add);
      if (!hasKeys(type)) {
        forms(key).filter(Form::hasSettings).map(Form::sample).forEach(bounds::add);
      }
      return bounds.toString();
    }

    /** What holds where it is left out, for people; empty where it must be given. */
    public Optional<String> leftOut() {
      return required
          ? Optional.empty()
          : Optional.of(key.byDefault().isEmpty() ? key.otherwise() : key.byDefault());
    }

    /** The labels and words that it may be. */
    public List<String> allowed() {
      return ConfigKeys.allowed(key);
    }

    private Stream<String> range() {
      if (Double.isFinite(key.least()) && Double.isFinite(key.most())) {
        return Stream.of(number(key.least()) + " … " + number(key.most()));
      }
      return Stream.of(
              limit("at least ", key.least()),
              limit("above ", key.above()),
              limit("at most ", key.most()),
              limit("below ", key.below()))
          .flatMap(Optional::stream);
    }

    private static Optional<String> limit(String words, double value) {
      return Double.isFinite(value) ? Optional.of(words + number(value)) : Optional.empty();
    }

    private static String number(double value) {
      return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
  }

  /**
   * All keys, each before those inside it, in the order of the records.
   *
   * @param type record of a whole file
   */
  public static List<Entry> of(Class<?> type) {
    var keys = new ConfigKeys();
    keys.walk("", type);
    return List.copyOf(keys.entries);
  }

  /** The labels and words that a key may be. */
  static List<String> allowed(Key key) {
    List<String> allowed = new ArrayList<>(List.of(key.words()));
    if (key.labels().isEnum()) {
      for (Object constant : key.labels().getEnumConstants()) {
        if (!(constant instanceof Form<?> form && form.hasSettings())) {
          allowed.add(key.prefix() + label(constant));
        }
      }
    }
    return allowed;
  }

  /** The forms that a key's value may have; none where it is no such value. */
  static Stream<Form<?>> forms(Key key) {
    return Form.class.isAssignableFrom(key.labels())
        ? Form.of(key.labels()).stream()
        : Stream.empty();
  }

  private static String label(Object constant) {
    try {
      return (String) constant.getClass().getMethod("label").invoke(constant);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constant.getClass() + " has no label()", e);
    }
  }

  private void walk(String prefix, Class<?> type) {
    for (var component : type.getRecordComponents()) {
      var key = component.getAnnotation(Key.class);
      if (key != null) {
        add(prefix + component.getName(), component, key);
      }
    }
  }

  private void add(String path, RecordComponent component, Key key) {
    Type type = component.getGenericType();
    boolean required = key.byDefault().isEmpty() && component.getType() != Optional.class;
    if (component.getType() == Optional.class) {
      type = content(type);
    }
    boolean list = type instanceof ParameterizedType || key.elements() != Void.class;
    Class<?> leaf =
        key.elements() != Void.class ? key.elements() : (Class<?>) (list ? content(type) : type);
    entries.add(new Entry(path, leaf, list, key, required));
    if (key.form() != Void.class) {
      walk(path + ".", key.form());
    } else if (hasKeys(leaf)) {
      walk(path + (list ? "[]." : "."), leaf);
    }
  }

  private static boolean hasKeys(Class<?> type) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(c -> c.isAnnotationPresent(Key.class));
  }

  private static Type content(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }
}
