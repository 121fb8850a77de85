package org.bitquake.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code conf/schema} is what the records declare, and every file in {@code conf} keeps to it. */
class SchemaFilesTest {
  static final Path CONF = Path.of("../conf");

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Map<ConfigKind, JsonSchema> SCHEMAS = new EnumMap<>(ConfigKind.class);

  /** The schema of a kind as another program's validator understands the file. */
  static synchronized JsonSchema schema(ConfigKind kind) {
    return SCHEMAS.computeIfAbsent(
        kind,
        k -> {
          try (var in = Files.newInputStream(CONF.resolve(k.schema()))) {
            return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(in);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void schemasAreThoseOfTheRecords(ConfigKind kind) throws IOException {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indenter);
    String text = MAPPER.writer(printer).writeValueAsString(Schemas.of(kind)) + "\n";
    Generated.compare(CONF.resolve(kind.schema()), text);
  }

  static Stream<Path> files() throws IOException {
    try (var files = Files.walk(CONF, 2)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileNamesItsSchemaAndKeepsToIt(Path file) throws IOException {
    String text = Files.readString(file);
    JsonNode tree = new YamlTree(text, file.toString()).root();
    var kind = kind(tree);
    String schema =
        file.getParent().relativize(CONF.resolve(kind.schema())).toString().replace('\\', '/');

    assertThat(text).startsWith("# yaml-language-server: $schema=" + schema + "\n");
    assertThat(schema(kind).validate(tree)).isEmpty();
    Samples.read(kind, tree);
  }

  private static ConfigKind kind(JsonNode tree) {
    if (tree.at("/networks/0").has("name") && !tree.has("images")) {
      return ConfigKind.TRAIN;
    }
    if (tree.has("target")) {
      return ConfigKind.PROTECT;
    }
    if (tree.has("trials")) {
      return ConfigKind.CAMPAIGN;
    }
    if (tree.at("/faults").has("kind")) {
      return ConfigKind.SINGLE_FAULT;
    }
    return tree.has("sharpness") ? ConfigKind.LANDSCAPE : ConfigKind.CNVLUTIN;
  }
}
