package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.Text;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultPattern;

/** A fault model in a configuration: {@code {name, pattern, effect}}, or an effect alone. */
public record ModelSource(
    @Key(value = "its name in tables", otherwise = "made from pattern and effect")
        Optional<String> name,
    @Key(value = "where faults fall", byDefault = "cell", labels = PatternForm.class)
        PatternSource pattern,
    @Key(
            value = "what a faulty memory cell reads",
            otherwise = "as the chips of pattern profile say; must be given with other patterns",
            labels = EffectForm.class)
        Optional<EffectSource> effect) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._+-]{0,63}");

  @JsonCreator
  public ModelSource {
    name.ifPresent(ModelSource::requireName);
    if (pattern.pattern() instanceof ChipFiles && effect.isPresent()) {
      throw new InvalidValue(
          "effect", "the chips of profile say what their cells read; leave effect out");
    }
    if (!(pattern.pattern() instanceof ChipFiles) && effect.isEmpty()) {
      throw InvalidValue.missing("effect");
    }
    var model = model(name, pattern, effect);
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
        Optional.of(EffectSource.of(JsonNodeFactory.instance.textNode(effect))));
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidValue(
          "name",
          Text.of("\"%s\": a name has up to 64 letters a…z, digits, spaces and . _ + -", name));
    }
  }

  private static FaultModel model(
      Optional<String> name, PatternSource pattern, Optional<EffectSource> effect) {
    var where = pattern.pattern();
    var what = where instanceof ChipFiles chips ? chips : effect.orElseThrow().effect();
    return new FaultModel(name.orElse(made(where, what)), where, what);
  }

  private static String made(FaultPattern pattern, CellEffect effect) {
    String made = word(effect.label());
    return pattern == CellPattern.INSTANCE || pattern == effect
        ? made
        : word(pattern.label()) + "-" + made;
  }

  /** A label without its settings. */
  private static String word(String label) {
    return label.split(":", 2)[0];
  }

  /** The model that it describes. */
  public FaultModel model() {
    return model(name, pattern, effect);
  }
}
