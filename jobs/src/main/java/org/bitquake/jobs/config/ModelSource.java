package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.Text;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;

/** A fault model in a configuration: {@code {name, pattern, effect}}, or an effect alone. */
public record ModelSource(
    @Key(value = "its name in tables", otherwise = "made from pattern and effect")
        Optional<String> name,
    @Key(value = "where faults fall", byDefault = "cell", labels = PatternForm.class)
        PatternSource pattern,
    @Key(value = "what a faulty memory cell reads", labels = EffectForm.class)
        EffectSource effect) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._+-]{0,63}");

  @JsonCreator
  public ModelSource {
    name.ifPresent(ModelSource::requireName);
    var model = new FaultModel(nameOf(name, pattern, effect), pattern.pattern(), effect.effect());
    for (var kind : FaultKind.values()) {
      if (model.name().equals(kind.label()) && !model.equals(FaultModel.of(kind))) {
        throw new InvalidValue(
            "name",
            Text.of("%s is %s of independent cells; choose another", name.get(), name.get()));
      }
    }
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ModelSource of(String effect) {
    return new ModelSource(
        Optional.empty(),
        new PatternSource(CellPattern.INSTANCE),
        EffectSource.of(JsonNodeFactory.instance.textNode(effect)));
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidValue(
          "name",
          Text.of("\"%s\": a name has up to 64 letters a…z, digits, spaces and . _ + -", name));
    }
  }

  private static String nameOf(Optional<String> name, PatternSource pattern, EffectSource effect) {
    String made = word(effect.effect().label());
    return name.orElse(
        pattern.pattern() == CellPattern.INSTANCE
            ? made
            : word(pattern.pattern().label()) + "-" + made);
  }

  /** A label without its settings. */
  private static String word(String label) {
    return label.split(":", 2)[0];
  }

  /** The model that it describes. */
  public FaultModel model() {
    return new FaultModel(nameOf(name, pattern, effect), pattern.pattern(), effect.effect());
  }
}
