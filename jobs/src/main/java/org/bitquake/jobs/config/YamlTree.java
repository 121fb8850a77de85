package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * One YAML document as a tree that remembers where each value stands.
 *
 * <p>Plain scalars follow the core schema of YAML 1.2: {@code yes} and {@code 1:30} are text,
 * {@code 010} is not octal, {@code 1e-3} is a number. Anchors, aliases and tags are refused, so a
 * document cannot grow beyond its own size or name a class.
 */
final class YamlTree {
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern REAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9]+");
  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
  private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
  private static final int MAX_DEPTH = 32;
  private static final int MAX_SCALAR = 4096;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String source;
  private final Map<String, Mark> marks = new HashMap<>();
  private final Map<String, List<String>> keys = new HashMap<>();
  private final Iterator<Event> events;
  private final JsonNode root;
  private int depth;

  /**
   * @param source what to call the document in messages
   * @throws InputException if it is not one well-formed YAML document
   */
  YamlTree(String text, String source) {
    this.source = source;
    this.events =
        new org.yaml.snakeyaml.Yaml(new LoaderOptions()).parse(new StringReader(text)).iterator();
    try {
      this.root = document();
    } catch (MarkedYAMLException e) {
      throw at(e.getProblemMark(), "not well-formed YAML: " + oneLine(e.getProblem()), e);
    } catch (YAMLException e) {
      throw new InputException(source + ": not well-formed YAML: " + oneLine(e.getMessage()), e);
    }
  }

  JsonNode root() {
    return root;
  }

  /** True if the document has a value or a key with this path. */
  boolean has(String path) {
    return marks.containsKey(path);
  }

  /** {@code file:line:column: message} for the value at a path or the nearest one around it. */
  InputException error(String path, String message, Throwable cause) {
    String nearest = path;
    while (!marks.containsKey(nearest) && !nearest.isEmpty()) {
      nearest = parent(nearest);
    }
    return at(marks.get(nearest), message, cause);
  }

  /** Names of the keys of the mapping at a path, in the order of the file. */
  List<String> keys(String path) {
    return Optional.ofNullable(keys.get(path)).orElse(List.of());
  }

  static String parent(String path) {
    return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
  }

  static String child(String path, String key) {
    return path.isEmpty() || key.startsWith("[") ? path + key : path + "." + key;
  }

  private JsonNode document() {
    next(); // stream start
    if (next().is(Event.ID.StreamEnd)) {
      throw new InputException(source + ": the file is empty");
    }
    var tree = value("", next());
    next(); // document end
    Event rest = next();
    if (!rest.is(Event.ID.StreamEnd)) {
      throw at(rest.getStartMark(), "a second document begins here; write one per file", null);
    }
    return tree;
  }

  private JsonNode value(String path, Event event) {
    marks.putIfAbsent(path, event.getStartMark());
    refuseReferences(event);
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    if (++depth > MAX_DEPTH) {
      throw at(event.getStartMark(), "nested deeper than " + MAX_DEPTH + " levels", null);
    }
    var node = event instanceof SequenceStartEvent ? sequence(path) : mapping(path, event);
    depth--;
    return node;
  }

  private JsonNode sequence(String path) {
    var array = NODES.arrayNode();
    for (Event e = next(); !e.is(Event.ID.SequenceEnd); e = next()) {
      array.add(value(Text.of("%s[%d]", path, array.size()), e));
    }
    return array;
  }

  private JsonNode mapping(String path, Event start) {
    if (!(start instanceof MappingStartEvent)) {
      throw new IllegalStateException("unexpected " + start);
    }
    var object = NODES.objectNode();
    for (Event e = next(); !e.is(Event.ID.MappingEnd); e = next()) {
      refuseReferences(e);
      if (!(e instanceof ScalarEvent key)) {
        throw at(e.getStartMark(), "a key must be plain text", null);
      }
      String name = key.getValue();
      if (object.has(name)) {
        throw at(e.getStartMark(), Text.of("the key \"%s\" is here twice", name), null);
      }
      String inner = child(path, name);
      marks.put(inner, e.getStartMark());
      object.set(name, value(inner, next()));
    }
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    keys.put(path, names);
    return object;
  }

  private JsonNode scalar(ScalarEvent event) {
    String text = event.getValue();
    if (text.length() > MAX_SCALAR) {
      throw at(event.getStartMark(), "a value longer than " + MAX_SCALAR + " characters", null);
    }
    if (event.getScalarStyle() != ScalarStyle.PLAIN) {
      return NODES.textNode(text);
    }
    if (NULL.matcher(text).matches()) {
      return NODES.nullNode();
    }
    if (TRUE.matcher(text).matches() || FALSE.matcher(text).matches()) {
      return NODES.booleanNode(TRUE.matcher(text).matches());
    }
    if (INTEGER.matcher(text).matches()) {
      var number = new BigInteger(text);
      return number.bitLength() < Integer.SIZE
          ? NODES.numberNode(number.intValue())
          : number.bitLength() < Long.SIZE
              ? NODES.numberNode(number.longValue())
              : NODES.numberNode(number);
    }
    boolean real = REAL.matcher(text).matches() && !LEADING_ZERO.matcher(text).matches();
    return real ? NODES.numberNode(Double.parseDouble(text)) : NODES.textNode(text);
  }

  private void refuseReferences(Event event) {
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor() != null)) {
      throw at(
          event.getStartMark(),
          "anchors (&) and aliases (*) are not read here; write the value out, or quote it",
          null);
    }
    String tag =
        event instanceof ScalarEvent s
            ? s.getTag()
            : event instanceof SequenceStartEvent q
                ? q.getTag()
                : event instanceof MappingStartEvent m ? m.getTag() : null;
    if (tag != null) {
      throw at(event.getStartMark(), "tags (!) are not read here; quote the value", null);
    }
  }

  private Event next() {
    return events.next();
  }

  private InputException at(Mark mark, String message, Throwable cause) {
    String where =
        mark == null ? source : source + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    return new InputException(where + ": " + message, cause);
  }

  private static String oneLine(String message) {
    return String.valueOf(message).replaceAll("\\s+", " ").strip();
  }
}
