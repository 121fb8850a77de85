package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.Text;

/**
 * A file that a configuration or a table names, and perhaps holds to what it had: {@code a.csv}, or
 * {@code {file: a.csv, sha256: …}}.
 *
 * @param path relative to the configuration file; in tables the name alone
 * @param sha256 of what it holds; a table always says so
 */
public record NamedFile(String path, Optional<String> sha256) {
  /** So that a name is the same text in YAML, JSON and file systems. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._+-]{0,90}");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** The path without its folders. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Reads one.
   *
   * @param what it is, for messages
   * @param key that has it
   * @param endings that its name may have
   */
  static NamedFile read(String what, String key, JsonNode node, String... endings) {
    if (node.isTextual()) {
      return checked(what, key, new NamedFile(node.textValue(), Optional.empty()), endings);
    }
    var its = new Settings(key, node).only("file", "sha256");
    var file = new NamedFile(its.word("file"), Optional.of(its.word("sha256")));
    return checked(what, key, file, endings);
  }

  private static NamedFile checked(String what, String key, NamedFile file, String... endings) {
    String name = file.name();
    int point = name.lastIndexOf('.');
    boolean ends = point > 0 && List.of(endings).contains(name.substring(point + 1));
    if (!ends || !NAME.matcher(name.substring(0, point)).matches()) {
      throw new InvalidValue(
          key,
          Text.of(
              "\"%s\": the name of %s has up to 90 letters a…z, digits, spaces and . _ + -, and"
                  + " ends in .%s",
              name, what, String.join(" or .", endings)));
    }
    if (file.sha256().filter(its -> !SHA256.matcher(its).matches()).isPresent()) {
      throw new InvalidValue(key + ".sha256", "expected 64 digits 0…9, a…f");
    }
    return file;
  }

  /** The same as JSON. */
  JsonNode json() {
    var factory = JsonNodeFactory.instance;
    return sha256
        .<JsonNode>map(its -> factory.objectNode().put("file", path).put("sha256", its))
        .orElseGet(() -> factory.textNode(path));
  }
}
