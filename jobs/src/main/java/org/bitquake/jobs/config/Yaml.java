package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Reads a YAML file into a record, strictly: an unknown, missing or doubled key and a value of the
 * wrong type are errors that name the file, the line and the key. Components with a default ({@link
 * Key#byDefault}) and those of type {@link Optional} may be left out; all others must be there.
 * Compact constructors that throw {@link InvalidValue} are reported the same way.
 */
public final class Yaml {
  private static final int MAX_BYTES = 1 << 20;
  private static final JsonMapper MAPPER = mapper();

  private Yaml() {}

  /** A value, and where in which file each part of it stood. */
  public static final class Document<T> {
    private final T value;
    private final Path path;
    private final YamlTree tree;
    private final String text;

    private Document(T value, Path path, YamlTree tree, String text) {
      this.value = value;
      this.text = text;
      this.path = path;
      this.tree = tree;
    }

    public T value() {
      return value;
    }

    /** The file, with its scheme. */
    public Path path() {
      return path;
    }

    /** All that the file holds. */
    public String text() {
      return text;
    }

    /** The same as a tree, a copy. */
    public ObjectNode tree() {
      return tree.root().deepCopy();
    }

    /**
     * A path beside the file, unless it is absolute. It may lead anywhere that the user may read.
     *
     * @param key that has it
     */
    public Path beside(String key, String other) {
      try {
        return new Path(path.getParent(), other);
      } catch (IllegalArgumentException e) {
        throw error(key, Text.of("'%s' is not a path: %s", other, e.getMessage()));
      }
    }

    /**
     * An error found later, after other files were read: {@code file:line:column: key: message}.
     *
     * @param key such as {@code faults.layers[0]}
     */
    public InputException error(String key, String message) {
      return tree.error(key, key + ": " + message, null);
    }
  }

  /**
   * Reads a file.
   *
   * @param file a Hadoop path; without a scheme a file of the driver's own machine
   * @throws InputException if it cannot be read or is not what {@code type} asks for
   */
  public static <T> T read(String file, Configuration hadoop, Class<T> type) {
    return load(file, hadoop, type).value();
  }

  /** As {@link #read}, keeping the positions for errors found later. */
  public static <T> Document<T> load(String file, Configuration hadoop, Class<T> type) {
    Path path = localIfPlain(file);
    String text = text(path, file, hadoop);
    var tree = new YamlTree(text, file);
    return new Document<>(bind(tree, type), path, tree, text);
  }

  /**
   * Whether a file has a key, such as {@code faults.kind}: which of two kinds of file it is.
   *
   * @throws InputException if it cannot be read
   */
  public static boolean has(String file, Configuration hadoop, String key) {
    return new YamlTree(text(localIfPlain(file), file, hadoop), file).has(key);
  }

  /**
   * One key of a file that was read before, as a record; empty if the text has no such key, or none
   * that is sound.
   *
   * @param text all that the file held
   */
  public static <T> Optional<T> part(String text, String source, String key, Class<T> type) {
    try {
      JsonNode node = new YamlTree(text, source).root().path(key);
      return node.isObject()
          ? Optional.of(MAPPER.treeToValue(Defaults.fill(node, type), type))
          : Optional.empty();
    } catch (InputException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The elements of a list of a document that was valid once; none where it no longer is. */
  public static <T> Stream<T> list(String text, String source, String key, Class<T> type) {
    try {
      List<T> elements = new ArrayList<>();
      for (JsonNode node : new YamlTree(text, source).root().path(key)) {
        elements.add(MAPPER.treeToValue(node, type));
      }
      return elements.stream();
    } catch (InputException | JsonProcessingException e) {
      return Stream.empty();
    }
  }

  /** A path beside a configuration file, unless it is absolute. */
  public static String beside(String file, String other) {
    return new Path(localIfPlain(file).getParent(), other).toString();
  }

  /** Reads a document given as text. */
  static <T> T parse(String text, String source, Class<T> type) {
    return bind(new YamlTree(text, source), type);
  }

  /** A path of the command line, as {@link #load} understands it. */
  public static Path local(String file) {
    return localIfPlain(file);
  }

  /** A path without a scheme means the local disk, whatever the cluster's default file system. */
  static Path localIfPlain(String file) {
    var path = new Path(file);
    return path.toUri().getScheme() == null
        ? new Path(Paths.get(file).toAbsolutePath().normalize().toUri())
        : path;
  }

  private static String text(Path path, String file, Configuration hadoop) {
    try {
      var fs = path.getFileSystem(hadoop);
      if (fs.getFileStatus(path).isDirectory()) {
        throw new InputException(file + ": a directory; name a YAML file");
      }
      try (var in = fs.open(path)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new InputException(file + ": longer than 1 MiB, not a configuration");
        }
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (FileNotFoundException e) {
      throw new InputException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new InputException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static <T> T bind(YamlTree tree, Class<T> type) {
    if (!tree.root().isObject()) {
      throw tree.error("", "expected keys and values, such as \"name: value\"", null);
    }
    try {
      return MAPPER.treeToValue(Defaults.fill(tree.root(), type), type);
    } catch (JsonMappingException e) {
      throw explain(tree, e);
    } catch (JsonProcessingException e) {
      throw tree.error("", e.getOriginalMessage(), e);
    }
  }

  private static InputException explain(YamlTree tree, JsonMappingException e) {
    String path = "";
    for (var step : e.getPath()) {
      String key = step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName();
      path = YamlTree.child(path, key);
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      var known = Optional.ofNullable(unknown.getKnownPropertyIds()).orElseThrow();
      return unknown(tree, path, known.stream().map(Object::toString).sorted().toList(), e);
    }
    if (e instanceof ValueInstantiationException && e.getCause() instanceof InvalidValue bad) {
      String key = YamlTree.child(path, bad.key());
      if (bad.isMissing()) {
        return tree.error(key, Text.of("missing key \"%s\"%s", last(key), in(key)), e);
      }
      return tree.error(key, key + ": " + bad.getMessage(), e);
    }
    if (e instanceof ValueInstantiationException && e.getCause() != null) {
      return tree.error(path, colon(path) + e.getCause().getMessage(), e);
    }
    if (!tree.has(path)) {
      var stray = stray(tree, YamlTree.parent(path), e);
      if (stray.isPresent()) {
        return stray.get();
      }
      return tree.error(path, Text.of("missing key \"%s\"%s", last(path), in(path)), e);
    }
    return tree.error(path, colon(path) + wanted(e), e);
  }

  /** A key that the record with a missing one does not know: most likely a misspelling of it. */
  private static Optional<InputException> stray(
      YamlTree tree, String parent, JsonMappingException e) {
    var step = e.getPath().get(e.getPath().size() - 1);
    if (!(step.getFrom() instanceof Class<?> type) || !type.isRecord()) {
      return Optional.empty();
    }
    var known = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    return tree.keys(parent).stream()
        .filter(key -> !known.contains(key))
        .findFirst()
        .map(key -> unknown(tree, YamlTree.child(parent, key), known, e));
  }

  private static InputException unknown(
      YamlTree tree, String path, List<String> known, Throwable cause) {
    String message =
        Text.of(
            "unknown key \"%s\"%s; known keys here: %s",
            last(path), in(path), String.join(", ", known));
    return tree.error(path, message, cause);
  }

  private static String wanted(JsonMappingException e) {
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      Class<?> type = mismatch.getTargetType();
      String what =
          type == String.class
              ? "text (in quotes if it looks like a number)"
              : type == int.class || type == long.class || type == Integer.class
                  ? "a whole number" + (type == long.class ? "" : " below 2^31")
                  : type == double.class || type == Double.class
                      ? "a number"
                      : type == boolean.class || type == Boolean.class
                          ? "true or false"
                          : Collection.class.isAssignableFrom(type)
                              ? "a list, such as [a, b]"
                              : type.isRecord() ? "keys and values" : "another value";
      return "expected " + what;
    }
    return e.getOriginalMessage().replaceAll("\\s+", " ");
  }

  private static String colon(String path) {
    return path.isEmpty() ? "" : path + ": ";
  }

  private static String in(String path) {
    String parent = YamlTree.parent(path);
    return parent.isEmpty() ? "" : " in " + parent;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder()
        .addModule(Optionals.module())
        .annotationIntrospector(new Optionals.MayBeAbsent())
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
        .withCoercionConfig(
            LogicalType.Textual,
            c ->
                c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }
}
