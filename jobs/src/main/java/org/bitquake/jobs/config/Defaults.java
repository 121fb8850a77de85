package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;

/** Values of keys that a file may leave out, and how they come into its tree. */
final class Defaults {
  /** Of every random number. */
  static final String SEED = "1";

  /** Level of intervals. */
  static final String CONFIDENCE = "0.95";

  /** How weight codes are stored. */
  static final String ENCODING = "twos-complement";

  /** Images that networks have not seen. */
  static final String SPLIT = "test";

  private Defaults() {}

  /**
   * Adds what a document leaves out, or leaves empty, and has a default.
   *
   * @param type that the node will become
   * @return the node
   */
  static JsonNode fill(JsonNode node, Type type) {
    if (type instanceof ParameterizedType generic) {
      var content = generic.getActualTypeArguments()[0];
      if (node.isArray()) {
        node.forEach(element -> fill(element, content));
      } else {
        fill(node, content);
      }
    } else if (type instanceof Class<?> record && record.isRecord()) {
      if (node instanceof ObjectNode object) {
        for (var component : record.getRecordComponents()) {
          fill(object, component);
        }
      }
    }
    return node;
  }

  private static void fill(ObjectNode object, RecordComponent component) {
    String name = component.getName();
    var key = component.getAnnotation(Key.class);
    boolean absent = !object.hasNonNull(name);
    if (absent && key != null && !key.byDefault().isEmpty()) {
      object.set(name, new YamlTree(key.byDefault(), "default of " + name).root());
    }
    if (object.has(name)) {
      fill(object.get(name), component.getGenericType());
    }
  }
}
