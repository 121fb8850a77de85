package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bitquake.Text;

/** The settings of a {@link Form}, strictly: each of a type, none unknown. */
record Settings(String name, JsonNode node) {
  static final Settings NONE = new Settings("", MissingNode.getInstance());

  /** Keys in the order of the file, all of which the form takes. */
  List<String> keys() {
    if (!node.isObject()) {
      throw new InvalidValue(name, "expected keys and values");
    }
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Refuses keys that are none of these. */
  Settings only(String... known) {
    for (String key : keys()) {
      if (!List.of(known).contains(key)) {
        throw new InvalidValue(
            at(key),
            Text.of("unknown key \"%s\"; known keys here: %s", key, String.join(", ", known)));
      }
    }
    return this;
  }

  /** Path of a key. */
  String at(String key) {
    return name + "." + key;
  }

  double number(String key) {
    var value = present(key);
    if (!value.isNumber()) {
      throw new InvalidValue(at(key), "expected a number");
    }
    return value.doubleValue();
  }

  /** A number, 0 where it is left out. */
  double share(String key) {
    return node.has(key) ? number(key) : 0;
  }

  int count(String key) {
    var value = present(key);
    if (!value.isInt()) {
      throw new InvalidValue(at(key), "expected a whole number below 2^31");
    }
    return value.intValue();
  }

  int count(String key, int byDefault) {
    return node.has(key) ? count(key) : byDefault;
  }

  boolean flag(String key, boolean byDefault) {
    if (!node.has(key)) {
      return byDefault;
    }
    if (!node.get(key).isBoolean()) {
      throw new InvalidValue(at(key), "expected true or false");
    }
    return node.get(key).booleanValue();
  }

  double number(String key, double byDefault) {
    return node.has(key) ? number(key) : byDefault;
  }

  String word(String key, String byDefault) {
    return node.has(key) ? word(key) : byDefault;
  }

  /** Texts of a list, each once; none where it is left out. */
  Set<String> words(String key) {
    return list(key, JsonNode::isTextual, JsonNode::textValue, "a list of texts, such as [a, b]");
  }

  /** Whole numbers of a list, each once; none where it is left out. */
  Set<Integer> counts(String key) {
    return list(key, JsonNode::isInt, JsonNode::intValue, "a list of whole numbers, such as [3]");
  }

  private <T> Set<T> list(
      String key, Predicate<JsonNode> isOne, Function<JsonNode, T> read, String expected) {
    Set<T> values = new LinkedHashSet<>();
    if (!node.has(key)) {
      return values;
    }
    var list = node.get(key);
    boolean sound = list.isArray() && !list.isEmpty();
    for (JsonNode value : list) {
      sound &= isOne.test(value);
    }
    if (!sound) {
      throw new InvalidValue(at(key), "expected " + expected);
    }
    for (JsonNode value : list) {
      if (!values.add(read.apply(value))) {
        throw new InvalidValue(at(key), Text.of("%s is here twice", value.asText()));
      }
    }
    return values;
  }

  String word(String key) {
    var value = present(key);
    if (!value.isTextual()) {
      throw new InvalidValue(at(key), "expected text");
    }
    return value.textValue();
  }

  private JsonNode present(String key) {
    if (!node.hasNonNull(key)) {
      throw new InvalidValue(name, Text.of("missing key \"%s\"", key));
    }
    return node.get(key);
  }
}
