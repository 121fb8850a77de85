package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.BufferFaults;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultTarget;
import org.bitquake.fault.TargetMemory;
import org.bitquake.memory.Storage;

/** A fault model in a configuration: {@code {name, target, pattern, effect}}, or an effect. */
public record ModelSource(
    @Key(value = "its name in tables", otherwise = "made from target, pattern and effect")
        Optional<String> name,
    @Key(value = "the memory that fails", byDefault = "weights", labels = TargetForm.class)
        TargetSource target,
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
    var model = model(name, target, pattern, effect);
    requireFits(model);
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
        new TargetSource(TargetMemory.WEIGHTS),
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

  /** Refuses what cells of such a memory cannot have, on a buffer of one of them. */
  private static void requireFits(FaultModel model) {
    var memory = model.memory();
    if (memory.target() == FaultTarget.WEIGHTS) {
      return;
    }
    if (model.pattern() instanceof ChipFiles) {
      throw new InvalidValue(
          "pattern",
          Text.of(
              "measured chips are of the memory of weights, not of %s; leave out target",
              memory.target().label()));
    }
    BufferFaults cells;
    try {
      cells =
          new BufferFaults(
              0, memory.target(), model.pattern(), Storage.DEFAULT, memory.isTransient(), 1, 1);
    } catch (InputException e) {
      throw new InvalidValue("pattern", e.getMessage());
    }
    cells.draw(0, 0);
    try {
      cells.use(model.effect(), 0, new int[0]);
    } catch (InputException e) {
      throw new InvalidValue("effect", e.getMessage());
    }
  }

  private static FaultModel model(
      Optional<String> name,
      TargetSource target,
      PatternSource pattern,
      Optional<EffectSource> effect) {
    var where = pattern.pattern();
    var what = where instanceof ChipFiles chips ? chips : effect.orElseThrow().effect();
    return new FaultModel(
        name.orElseGet(() -> made(target.memory(), where, what)), target.memory(), where, what);
  }

  private static String made(TargetMemory memory, FaultPattern pattern, CellEffect effect) {
    var words = new StringJoiner("-");
    if (memory.isTransient()) {
      words.add("transient");
    }
    if (memory.target() != FaultTarget.WEIGHTS) {
      words.add(memory.target().label());
    }
    if (pattern != CellPattern.INSTANCE && pattern != effect) {
      words.add(word(pattern.label()));
    }
    return words.add(word(effect.label())).toString();
  }

  /** A label without its settings. */
  private static String word(String label) {
    return label.split(":", 2)[0];
  }

  /** The model that it describes. */
  public FaultModel model() {
    return model(name, target, pattern, effect);
  }
}
