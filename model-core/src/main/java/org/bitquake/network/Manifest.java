package org.bitquake.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
    ImageNode input,
    List<Node> layers,
    List<Array> arrays,
    Map<String, String> provenance) {
  static final String FORMAT = "bitquake quantised network";

  /**
   * Of {@linkplain QuantizedNetwork#isPlain plain} networks, whose files are as they always were.
   */
  static final int PLAIN = 1;

  /** Of all others. */
  static final int WIDER = 2;

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

  /**
   * The image: {@code shape} is {@code [C, H, W]}, {@code step} the real value of one code.
   *
   * @param codes what the codes are; null if they are the pixels and 0 stands for 0
   * @param tables whether there is an array of them; null if not
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ImageNode(List<Integer> shape, float step, ActivationNode codes, Boolean tables) {
    ImageNode {
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
    @JsonSubTypes.Type(value = AveragePoolNode.class, name = "average-pool"),
    @JsonSubTypes.Type(value = GlobalSumNode.class, name = "global-sum"),
    @JsonSubTypes.Type(value = AddNode.class, name = "add"),
    @JsonSubTypes.Type(value = ConcatNode.class, name = "concat"),
    @JsonSubTypes.Type(value = PadNode.class, name = "pad")
  })
  sealed interface Node
      permits ConvolutionNode,
          MaxPoolNode,
          AveragePoolNode,
          GlobalSumNode,
          AddNode,
          ConcatNode,
          PadNode {
    String name();
  }

  /**
   * A convolution without its arrays; {@code residual} and {@code activation} may be null.
   *
   * @param stride the stride both ways; 0 where {@code window} says it
   * @param padding of each side; 0 where {@code window} says it
   * @param window strides, padding and dilation that are not the same both ways; null if they are
   * @param weightGain null for 1
   * @param offsets whether there is an array of them: {@code none} (null), {@code one} or {@code
   *     each}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ConvolutionNode(
      String name,
      int input,
      List<Integer> kernel,
      int stride,
      int padding,
      int groups,
      int weightBits,
      boolean stepPerChannel,
      @JsonProperty(required = true) @JsonInclude(JsonInclude.Include.ALWAYS) ResidualNode residual,
      @JsonProperty(required = true) @JsonInclude(JsonInclude.Include.ALWAYS)
          ActivationNode activation,
      WindowNode window,
      Integer weightGain,
      Offsets offsets)
      implements Node {
    ConvolutionNode {
      Objects.requireNonNull(name, "layer name");
      kernel = List.copyOf(kernel);
    }
  }

  /** How many weight offsets there are. */
  enum Offsets {
    @JsonProperty("one")
    ONE,
    @JsonProperty("each")
    EACH
  }

  /** {@code size} and {@code stride} are 0 where {@code window} is given; it may be null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MaxPoolNode(String name, int input, int size, int stride, WindowNode window)
      implements Node {
    MaxPoolNode {
      Objects.requireNonNull(name, "layer name");
    }
  }

  record AveragePoolNode(
      String name,
      int input,
      WindowNode window,
      boolean countPadding,
      float ratio,
      ActivationNode activation)
      implements Node {
    AveragePoolNode {
      Objects.requireNonNull(name, "layer name");
      Objects.requireNonNull(window, "window");
      Objects.requireNonNull(activation, "activation");
    }
  }

  record GlobalSumNode(String name, int input) implements Node {
    GlobalSumNode {
      Objects.requireNonNull(name, "layer name");
    }
  }

  record AddNode(
      String name, int input, float ratio, int second, float secondRatio, ActivationNode activation)
      implements Node {
    AddNode {
      Objects.requireNonNull(name, "layer name");
      Objects.requireNonNull(activation, "activation");
    }
  }

  record ConcatNode(
      String name, List<Integer> inputs, List<Float> ratios, ActivationNode activation)
      implements Node {
    ConcatNode {
      Objects.requireNonNull(name, "layer name");
      inputs = List.copyOf(inputs);
      ratios = List.copyOf(ratios);
      Objects.requireNonNull(activation, "activation");
    }
  }

  /** {@code padding} is top, left, bottom, right. */
  record PadNode(String name, int input, List<Integer> padding) implements Node {
    PadNode {
      Objects.requireNonNull(name, "layer name");
      padding = List.copyOf(padding);
    }
  }

  /** {@code padding} is top, left, bottom, right; the others go down, then across. */
  record WindowNode(
      List<Integer> kernel, List<Integer> strides, List<Integer> padding, List<Integer> dilation) {
    WindowNode {
      kernel = List.copyOf(kernel);
      strides = List.copyOf(strides);
      padding = List.copyOf(padding);
      dilation = List.copyOf(dilation);
    }
  }

  record ResidualNode(int source, float ratio) {}

  /** {@code zero}, {@code maxCode} and {@code base} are null where they say nothing new. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ActivationNode(int bits, float step, Integer zero, Integer maxCode, Integer base) {}

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
          tree.path("version").asInt() == PLAIN || tree.path("version").asInt() == WIDER,
          "it is of version %s; this bitquake reads versions %d and %d",
          tree.path("version").asText(),
          PLAIN,
          WIDER);
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
