package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.FaultTarget;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Protection;

/**
 * A fault model in a memory as tables hold it and tasks receive it: one line of JSON, which says
 * all of it but its name.
 */
public record RecordedModel(
    @Key(value = "the memory that fails", byDefault = "weights") TargetSource target,
    @Key("where faults fall") PatternSource pattern,
    @Key(value = "what a faulty memory cell reads", otherwise = "as the pattern says")
        Optional<EffectSource> effect,
    @Key("the form of the memory") MemoryConfig memory,
    @Key(value = "how weight codes are stored", otherwise = "as the row says")
        Optional<String> encoding,
    @Key(value = "what protects it", otherwise = "nothing") Optional<ProtectionSource> protection) {
  private static final int LONGEST = 1 << 14;

  public RecordedModel {
    if (effect.isEmpty() != (pattern.pattern() instanceof CellEffect)) {
      throw InvalidValue.missing("effect");
    }
    encoding.ifPresent(its -> Checks.label("encoding", Encoding::of, its));
  }

  /** What tables say of a model. */
  public static RecordedModel of(
      FaultModel model,
      Storage storage,
      Optional<Encoding> encoding,
      Optional<Protection> protection) {
    return new RecordedModel(
        new TargetSource(model.memory()),
        new PatternSource(model.pattern()),
        model.pattern() == model.effect()
            ? Optional.empty()
            : Optional.of(new EffectSource(model.effect())),
        MemoryConfig.of(storage),
        encoding.map(Encoding::label),
        protection.map(ProtectionSource::of));
  }

  /**
   * Reads JSON.
   *
   * @throws org.bitquake.InputException if it says no model
   */
  public static RecordedModel parse(String json) {
    if (json.length() > LONGEST) {
      throw new IllegalArgumentException("a model longer than " + LONGEST + " characters");
    }
    return Yaml.parse(json, "model", RecordedModel.class);
  }

  /** The model, of that name. */
  public FaultModel model(String name) {
    var its = pattern.pattern();
    return new FaultModel(
        name,
        target.memory(),
        its,
        its instanceof CellEffect both ? both : effect.orElseThrow().effect());
  }

  /** The same as JSON, always in the same words; the memory of weights goes without saying. */
  public String json() {
    var node = JsonNodeFactory.instance.objectNode();
    if (target.memory().target() != FaultTarget.WEIGHTS) {
      node.set("target", new YamlTree(target.memory().label(), "target").root());
    }
    node.set("pattern", new YamlTree(pattern.pattern().label(), "pattern").root());
    effect.ifPresent(
        its -> node.set("effect", new YamlTree(its.effect().label(), "effect").root()));
    memory.putIn(node);
    encoding.ifPresent(its -> node.put("encoding", its));
    protection.ifPresent(its -> node.set("protection", its.json()));
    return node.toString();
  }
}
