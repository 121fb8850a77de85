package org.bitquake.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * {@code manifest.json}: all of a network but its arrays.
 *
 * @param content {@link QuantizedNetwork#contentHash()}
 * @param arrays every array of the file, in its order
 */
record Manifest(
    String format,
    int version,
    String name,
    String content,
    Input input,
    List<Node> layers,
    List<Array> arrays,
    Map<String, String> provenance) {
  static final String FORMAT = "bitquake quantised network";
  static final int VERSION = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(10)
                          .maxStringLength(1 << 20)
                          .maxNumberLength(40)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  Manifest {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(input, "input");
    layers = List.copyOf(layers);
    arrays = List.copyOf(arrays);
    Objects.requireNonNull(provenance, "provenance");
  }

  /** The image: {@code shape} is {@code [C, H, W]}, {@code step} the real value of one code. */
  record Input(List<Integer> shape, float step) {
    Input {
      shape = List.copyOf(shape);
    }
  }

  /** An array: entry {@code name.npy}, {@code bytes} and {@code sha256} of the whole entry. */
  record Array(String name, String dtype, List<Integer> shape, long bytes, String sha256) {
    Array {
      Objects.requireNonNull(name, "array name");
      Objects.requireNonNull(dtype, "dtype");
      shape = List.copyOf(shape);
      Objects.requireNonNull(sha256, "sha256");
    }

    String file() {
      return name + ".npy";
    }
  }

  /** A layer; {@code input} is a position in {@code layers}, −1 the image. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ConvolutionNode.class, name = "convolution"),
    @JsonSubTypes.Type(value = MaxPoolNode.class, name = "max-pool"),
    @JsonSubTypes.Type(value = GlobalSumNode.class, name = "global-sum")
  })
  sealed interface Node permits ConvolutionNode, MaxPoolNode, GlobalSumNode {
    String name();
  }

  /** A convolution without its arrays; {@code residual} and {@code activation} may be null. */
  record ConvolutionNode(
      String name,
      int input,
      List<Integer> kernel,
      int stride,
      int padding,
      int groups,
      int weightBits,
      boolean stepPerChannel,
      ResidualNode residual,
      ActivationNode activation)
      implements Node {
    ConvolutionNode {
      Objects.requireNonNull(name, "layer name");
      kernel = List.copyOf(kernel);
    }
  }

  record MaxPoolNode(String name, int input, int size, int stride) implements Node {
    MaxPoolNode {
      Objects.requireNonNull(name, "layer name");
    }
  }

  record GlobalSumNode(String name, int input) implements Node {
    GlobalSumNode {
      Objects.requireNonNull(name, "layer name");
    }
  }

  record ResidualNode(int source, float ratio) {}

  record ActivationNode(int bits, float step) {}

  byte[] toJson() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /**
   * @throws IllegalArgumentException if the text is not a manifest of this version
   */
  static Manifest parse(byte[] json) throws IOException {
    try {
      var tree = JSON.readTree(json);
      Check.that(
          tree.isObject() && FORMAT.equals(tree.path("format").asText()),
          "its manifest is not one of a quantised network");
      Check.that(
          tree.path("version").asInt() == VERSION,
          "it is of version %s; this bitquake reads version %d",
          tree.path("version").asText(),
          VERSION);
      return JSON.readValue(json, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("manifest.json" + where(e) + ": " + reason(e), e);
    }
  }

  private static String where(JsonProcessingException e) {
    var at = e.getLocation();
    String line = at == null ? "" : " line " + at.getLineNr() + " column " + at.getColumnNr();
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return line;
    }
    return line
        + " key "
        + mapping.getPath().stream()
            .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
            .collect(Collectors.joining("."));
  }

  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }
}
