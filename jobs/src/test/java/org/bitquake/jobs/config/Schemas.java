package org.bitquake.jobs.config;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.CustomDefinitionProviderV2;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.util.List;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.data.picture.Size;

/** JSON Schemas of configuration files, generated from their records and {@link Key}. */
final class Schemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Schemas() {}

  static ObjectNode of(ConfigKind kind) {
    var builder =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
            .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.INLINE_ALL_SCHEMAS)
            .without(Option.FLATTENED_OPTIONALS);
    builder
        .forFields()
        .withIgnoreCheck(field -> key(field).isEmpty())
        .withTargetTypeOverridesResolver(Schemas::insideOptional)
        .withRequiredCheck(Schemas::isRequired)
        .withCustomDefinitionProvider(Schemas::special)
        .withInstanceAttributeOverride((node, field, context) -> describe(node, field));
    builder
        .forTypesInGeneral()
        .withPropertySorter((unusedFirst, unusedSecond) -> 0)
        .withCustomDefinitionProvider(new NetworkForms())
        .withTypeAttributeOverride(
            (node, scope, context) -> relations(node, scope.getType().getErasedType()));
    var schema = new SchemaGenerator(builder.build()).generateSchema(kind.type());
    mend(schema);
    return schema.put("title", Text.of("Configuration of bitquake %s (%s)", kind.command(), kind));
  }

  /** The generator forbids more properties also where a value has none, or says so itself. */
  private static void mend(JsonNode node) {
    if (node.has("oneOf") && !node.has("properties")) {
      ((ObjectNode) node).remove("additionalProperties");
    }
    node.forEach(Schemas::mend);
  }

  /** A network is a path or a mapping; a fault model an effect or a mapping. */
  private static final class NetworkForms implements CustomDefinitionProviderV2 {
    @Override
    public CustomDefinition provideCustomSchemaDefinition(
        ResolvedType type, SchemaGenerationContext context) {
      ObjectNode word = NODES.objectNode();
      if (type.getErasedType() == NetworkSource.class) {
        word.put("type", "string");
      } else if (type.getErasedType() == ModelSource.class) {
        words(word, Form.of(EffectForm.class));
      } else if (type.getErasedType() == ProtectionSource.class) {
        return new CustomDefinition(
            protections(context.createStandardDefinition(type, this)),
            DefinitionType.INLINE,
            AttributeInclusion.NO);
      } else {
        return null;
      }
      return new CustomDefinition(
          oneOf(word, context.createStandardDefinition(type, this)),
          DefinitionType.INLINE,
          AttributeInclusion.NO);
    }
  }

  /** None, a part, or a mapping. */
  private static ObjectNode protections(ObjectNode mapping) {
    var forms = forms(Form.of(PartForm.class));
    ((ArrayNode) forms.path("oneOf").path(0).path("enum")).add("none");
    ((ArrayNode) forms.path("oneOf")).add(mapping);
    return forms;
  }

  private static Optional<Key> key(FieldScope field) {
    return Optional.ofNullable(field.getAnnotation(Key.class));
  }

  private static List<ResolvedType> insideOptional(FieldScope field) {
    return field.getType().getErasedType() == Optional.class
        ? field.getType().typeParametersFor(Optional.class)
        : null;
  }

  private static boolean isRequired(FieldScope field) {
    return field.getRawMember().getType() != Optional.class
        && key(field).filter(key -> key.byDefault().isEmpty()).isPresent();
  }

  /** A number or one of some words; a word or a name with settings; rates. */
  private static CustomPropertyDefinition special(
      FieldScope field, SchemaGenerationContext context) {
    Class<?> type = field.getType().getErasedType();
    if (type == Rates.class) {
      return rates(field, context);
    }
    if (List.of(TargetSource.class, PatternSource.class, EffectSource.class, PartSource.class)
        .contains(type)) {
      return new CustomPropertyDefinition(
          forms(Form.of(key(field).orElseThrow().labels())), AttributeInclusion.YES);
    }
    if (type == PictureSize.class) {
      return size(field);
    }
    if (type == ClipSource.class) {
      return clip(field, context);
    }
    if (type != CampaignConfig.Images.class && type != CnvlutinConfig.Images.class) {
      return null;
    }
    var key = key(field).orElseThrow();
    var number = NODES.objectNode().put("type", "integer").put("minimum", (long) key.least());
    var words = NODES.objectNode();
    List.of(key.words()).forEach(words.putArray("enum")::add);
    return new CustomPropertyDefinition(oneOf(number, words), AttributeInclusion.YES);
  }

  private static CustomPropertyDefinition rates(FieldScope field, SchemaGenerationContext context) {
    var key = key(field).orElseThrow();
    var list = NODES.objectNode().put("type", "array").put("minItems", 1).put("uniqueItems", true);
    var item = list.putObject("items").put("type", "number");
    bound(item, "minimum", key.least());
    bound(item, "maximum", key.most());
    bound(item, "exclusiveMinimum", key.above());
    var other = context.createDefinition(context.getTypeContext().resolve(key.form()));
    return new CustomPropertyDefinition(oneOf(list, other), AttributeInclusion.YES);
  }

  /** A magnitude, or a quantile of magnitudes. */
  private static CustomPropertyDefinition clip(FieldScope field, SchemaGenerationContext context) {
    var key = key(field).orElseThrow();
    var number = NODES.objectNode().put("type", "number");
    bound(number, "exclusiveMinimum", key.above());
    var other = context.createDefinition(context.getTypeContext().resolve(key.form()));
    return new CustomPropertyDefinition(oneOf(number, other), AttributeInclusion.YES);
  }

  private static ObjectNode forms(List<Form<?>> forms) {
    var word = NODES.objectNode();
    words(word, forms);
    var settings = NODES.objectNode().put("type", "object");
    settings.put("minProperties", 1).put("maxProperties", 1).put("additionalProperties", false);
    var names = settings.putObject("properties");
    forms.stream()
        .filter(Form::hasSettings)
        .forEach(
            form -> names.putObject(form.label()).put("type", form.isList() ? "array" : "object"));
    return oneOf(word, settings);
  }

  private static void words(ObjectNode node, List<Form<?>> forms) {
    var words = node.putArray("enum");
    forms.stream().filter(form -> !form.hasSettings()).forEach(form -> words.add(form.label()));
  }

  /** A number of pixels, or two in a text. */
  private static CustomPropertyDefinition size(FieldScope field) {
    var key = key(field).orElseThrow();
    var number =
        NODES
            .objectNode()
            .put("type", "integer")
            .put("minimum", (long) key.least())
            .put("maximum", (long) key.most());
    var text = NODES.objectNode().put("type", "string").put("pattern", "^" + Size.PATTERN + "$");
    return new CustomPropertyDefinition(oneOf(number, text), AttributeInclusion.YES);
  }

  private static ObjectNode oneOf(ObjectNode... choices) {
    var node = NODES.objectNode();
    node.putArray("oneOf").addAll(List.of(choices));
    return node;
  }

  private static void describe(ObjectNode node, FieldScope field) {
    var key = key(field).orElseThrow();
    boolean list = field.isContainerType();
    if (!field.isFakeContainerItemScope()) {
      node.put("description", description(key));
      if (!key.byDefault().isEmpty()) {
        node.set("default", new YamlTree(key.byDefault(), "default").root());
      }
    }
    if (list) {
      node.put("minItems", 1);
      node.put("uniqueItems", true);
    } else if (!field.getType().getErasedType().isRecord()) {
      bound(node, "minimum", key.least());
      bound(node, "maximum", key.most());
      bound(node, "exclusiveMinimum", key.above());
      bound(node, "exclusiveMaximum", key.below());
      if (key.odd()) {
        node.putObject("not").put("multipleOf", 2);
      }
      var allowed = ConfigKeys.allowed(key);
      if (!allowed.isEmpty()) {
        ArrayNode words = node.putArray("enum");
        allowed.forEach(words::add);
      }
    }
  }

  private static String description(Key key) {
    String unit = key.unit().isEmpty() ? "" : " [" + key.unit() + "]";
    String left = key.otherwise().isEmpty() ? "" : ". If left out: " + key.otherwise();
    return key.value() + unit + left;
  }

  private static void bound(ObjectNode node, String keyword, double value) {
    if (Double.isFinite(value)) {
      if (value == Math.rint(value)) {
        node.put(keyword, (long) value);
      } else {
        node.put(keyword, value);
      }
    }
  }

  /** What no single key can say. */
  private static void relations(ObjectNode node, Class<?> type) {
    if (type == CampaignConfig.Faults.class || type == CnvlutinConfig.Faults.class) {
      required(node.putArray("oneOf"), "kinds", "models");
      required(node.putArray("anyOf"), "rates", "models");
    } else if (type == ModelSource.class) {
      ArrayNode choices = node.putArray("anyOf");
      required(choices, "effect", "pattern");
      ((ObjectNode) choices.get(1))
          .putObject("properties")
          .putObject("pattern")
          .put("type", "object")
          .putArray("required")
          .add("profile");
    } else if (type == CampaignConfig.Trials.class) {
      required(node.putArray("oneOf"), "perCell", "until");
    } else if (type == LandscapeConfig.class) {
      required(node.putArray("anyOf"), "lines", "surface", "sharpness");
    } else if (type == DataSource.class || type == TrainConfig.DataEntry.class) {
      required(node.putArray("oneOf"), "name", "path");
    }
  }

  private static void required(ArrayNode choices, String... keys) {
    for (String key : keys) {
      choices.addObject().putArray("required").add(key);
    }
  }
}
