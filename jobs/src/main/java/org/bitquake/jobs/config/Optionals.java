package org.bitquake.jobs.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Optional;

/** Record components of type {@link Optional}: what may be left out of a file. */
final class Optionals {
  private Optionals() {}

  static SimpleModule module() {
    return new SimpleModule().addDeserializer(Optional.class, new Deserializer(null));
  }

  /** All components of a record are required, but those of type {@link Optional}. */
  static final class MayBeAbsent extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return !Optional.class.isAssignableFrom(member.getRawType());
    }
  }

  @SuppressWarnings("rawtypes") // SimpleModule knows only raw classes
  private static final class Deserializer extends JsonDeserializer<Optional>
      implements ContextualDeserializer {
    private final JavaType content;

    Deserializer(JavaType content) {
      this.content = content;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty at) {
      return new Deserializer(at.getType().containedType(0));
    }

    @Override
    public Optional deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return Optional.of(context.<Object>readValue(parser, content));
    }

    @Override
    public Optional getNullValue(DeserializationContext context) throws JsonMappingException {
      return Optional.empty();
    }
  }
}
