package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bitquake.Text;
import org.bitquake.protect.Protection;

/**
 * A protection in a configuration: {@code none}, one part such as {@code {secded: {word: 32}}}, or
 * {@code {name: …, parts: […]}}.
 */
public record ProtectionSource(
    @Key(value = "its name in tables", otherwise = "made from its parts") Optional<String> name,
    @Key(
            value = "what it does to which cells: hardened ones, and check bits of words",
            labels = PartForm.class)
        List<PartSource> parts) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._+-]{0,63}");
  private static final int LONGEST_NAME = 64;
  private static final int MOST_PARTS = 64;

  public ProtectionSource {
    parts = List.copyOf(parts);
    if (parts.size() > MOST_PARTS) {
      throw new InvalidValue("parts", Text.of("more than %d parts", MOST_PARTS));
    }
    String its = nameOf(name, parts);
    if (!NAME.matcher(its).matches()) {
      throw new InvalidValue(
          "name",
          Text.of(
              "\"%s\": a name has up to %d letters a…z, digits, spaces and . _ + -",
              its, LONGEST_NAME));
    }
    if (its.equals(Protection.NONE.name()) != parts.isEmpty()) {
      throw new InvalidValue("name", "none is no protection; choose another name");
    }
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ProtectionSource of(JsonNode node) {
    if (node.isTextual() && node.textValue().equals(Protection.NONE.name())) {
      return new ProtectionSource(Optional.empty(), List.of());
    }
    if (!node.has("parts") && !node.has("name")) {
      return new ProtectionSource(Optional.empty(), List.of(PartSource.of(node)));
    }
    var its = new Settings("", node);
    for (String key : its.keys()) {
      if (!key.equals("name") && !key.equals("parts")) {
        throw new InvalidValue(
            key, Text.of("unknown key \"%s\"; known keys here: name, parts", key));
      }
    }
    if (!node.has("parts")) {
      throw new IllegalArgumentException("missing key \"parts\"");
    }
    if (!node.get("parts").isArray() || node.get("parts").isEmpty()) {
      throw new InvalidValue("parts", "expected a list, such as [a, b]");
    }
    List<PartSource> parts = new ArrayList<>();
    for (JsonNode part : node.get("parts")) {
      try {
        parts.add(PartSource.of(part));
      } catch (InvalidValue e) {
        throw new InvalidValue(Text.of("parts[%d].%s", parts.size(), e.key()), e.getMessage());
      } catch (IllegalArgumentException e) {
        throw new InvalidValue(Text.of("parts[%d]", parts.size()), e.getMessage());
      }
    }
    if (node.has("name") && !node.get("name").isTextual()) {
      throw new InvalidValue("name", "expected text (in quotes if it looks like a number)");
    }
    return new ProtectionSource(
        Optional.ofNullable(node.get("name")).map(JsonNode::textValue), parts);
  }

  /** How a protection is written. */
  public static ProtectionSource of(Protection protection) {
    return new ProtectionSource(
        Optional.of(protection.name()), protection.parts().stream().map(PartSource::new).toList());
  }

  /** Refuses two of one name, in a list under the key {@code protections}. */
  static void requireNames(List<ProtectionSource> protections) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < protections.size(); i++) {
      String name = protections.get(i).protection().name();
      if (!names.add(name)) {
        throw new InvalidValue(
            "protections[" + i + "]",
            Text.of("a second protection called %s; give it another name or leave it out", name));
      }
    }
  }

  private static String nameOf(Optional<String> name, List<PartSource> parts) {
    return name.orElseGet(
        () ->
            parts.isEmpty()
                ? Protection.NONE.name()
                : parts.stream()
                    .map(its -> PartForm.name(its.part()))
                    .collect(Collectors.joining("+")));
  }

  /** The protection that it describes. */
  public Protection protection() {
    return new Protection(nameOf(name, parts), parts.stream().map(PartSource::part).toList());
  }

  /** The same as JSON, always in the same words. */
  public ObjectNode json() {
    var its = protection();
    var node = JsonNodeFactory.instance.objectNode().put("name", its.name());
    var all = node.putArray("parts");
    its.parts().forEach(part -> all.add(PartForm.json(part)));
    return node;
  }
}
