package org.bitquake.data.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.format.DataPlace.Entry;
import org.bitquake.data.format.LabelledImages.PictureFile;

/**
 * Parquet as the Hugging Face hub stores images: a column of picture files, binary or a struct with
 * {@code bytes}, and a column of labels, numbers or text; one file or a folder of them, read in the
 * order of their names, row after row. In a folder whose files begin with the names of splits,
 * those of the split are read. Names of classes are taken from the hub's own metadata.
 */
final class ParquetFormat {
  static final String ENDING = ".parquet";

  private static final String BYTES = "bytes";
  private static final List<String> LABEL_NAMES =
      List.of("label", "labels", "fine_label", "class", "target");
  private static final String SPLIT = "(train|test|validation|val|valid)[-_.].*";
  private static final String HUB = "huggingface";

  private final DataPlace place;
  private final List<Entry> files;
  private final Configuration hadoop;
  private final Type image;
  private final Type label;
  private final Map<String, String> metadata;

  private ParquetFormat(DataPlace place, List<Entry> files) {
    this.place = place;
    this.files = files;
    this.hadoop = place.files().getConf();
    FileMetaData first = footer(files.get(0));
    this.image = image(first.getSchema());
    this.label = label(first.getSchema());
    this.metadata = first.getKeyValueMetaData();
  }

  static boolean isIn(DataPlace place) {
    return !in(place).isEmpty();
  }

  /** Those of the folder, or of its folder {@code data}, where the hub puts them. */
  private static List<Entry> in(DataPlace place) {
    Predicate<String> ours = name -> name.toLowerCase(Locale.ROOT).endsWith(ENDING);
    List<Entry> here = place.filesNamed(ours);
    return here.isEmpty()
        ? place.list().stream()
            .filter(e -> e.isFolder() && e.name().equals("data"))
            .findFirst()
            .map(e -> place.at(e).filesNamed(ours))
            .orElse(List.of())
        : here;
  }

  static LabelledImages open(DataPlace place) {
    List<Entry> all =
        place.isFolder()
            ? in(place)
            : List.of(new Entry(place.title(), place.path(), false, place.file().length()));
    boolean splits = place.isFolder() && all.stream().anyMatch(e -> e.name().matches(SPLIT));
    List<Entry> files =
        splits
            ? all.stream()
                .filter(e -> e.name().matches(SPLIT) && e.name().startsWith(place.split()))
                .toList()
            : all;
    if (files.isEmpty()) {
      throw new InputException(
          Text.of("%s: no .parquet files of split %s", place.display(), place.split()));
    }
    var format = new ParquetFormat(place, files);
    return format.images(splits ? place.title() + "/" + place.split() : place.title());
  }

  private LabelledImages images(String title) {
    List<Integer> starts = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    boolean text = isBinary(label);
    for (Entry file : files) {
      int start = numbers.size() + texts.size();
      starts.add(start);
      rows(
          file,
          label,
          group -> {
            int row = numbers.size() + texts.size() - start;
            if (group.getFieldRepetitionCount(0) == 0) {
              throw wrong(file, Text.of("row %d has no label", row));
            }
            if (text) {
              texts.add(group.getString(0, 0));
            } else {
              numbers.add(number(file, group, row));
            }
          });
    }
    Labels labels = text ? Labels.named(texts) : numbered(numbers);
    if (labels.count() == 0) {
      throw new InputException(place.display() + ": no rows");
    }
    return new LabelledImages(
        title, labels, row -> where(starts, row), new LabelledImages.Encoded(this::hand));
  }

  private String where(List<Integer> starts, int row) {
    int file = starts.size() - 1;
    while (starts.get(file) > row) {
      file--;
    }
    return Text.of("%s, row %d", DataPlace.display(files.get(file).path()), row - starts.get(file));
  }

  private long number(Entry file, Group group, int row) {
    boolean wide = label.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    long value = wide ? group.getLong(0, 0) : group.getInteger(0, 0);
    if (!Labels.isPossible(value)) {
      throw wrong(file, Text.of("row %d has label %d, outside 0…65535", row, value));
    }
    return value;
  }

  private Labels numbered(List<Long> numbers) {
    var labels = Labels.numbers(numbers.stream().mapToInt(Long::intValue).toArray());
    List<String> names = hubNames();
    return names.size() >= labels.classes() ? new Labels(labels.values(), names) : labels;
  }

  /** Names of the label column's classes; none if the file does not say. */
  private List<String> hubNames() {
    try {
      JsonNode names =
          new ObjectMapper()
              .readTree(metadata.getOrDefault(HUB, "{}"))
              .path("info")
              .path("features")
              .path(label.getName())
              .path("names");
      List<String> found = new ArrayList<>();
      names.forEach(name -> found.add(name.asText()));
      return found;
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private void hand(Consumer<PictureFile> consumer) {
    for (Entry file : files) {
      rows(
          file,
          image,
          group -> {
            byte[] bytes = bytes(group);
            consumer.accept(() -> present(bytes));
          });
    }
  }

  private byte[] bytes(Group group) {
    if (group.getFieldRepetitionCount(0) == 0) {
      return new byte[0];
    }
    Group holder = isBinary(image) ? group : group.getGroup(0, 0);
    return holder.getFieldRepetitionCount(0) == 0 ? new byte[0] : holder.getBinary(0, 0).getBytes();
  }

  private static byte[] present(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new IOException("the picture is missing");
    }
    return bytes;
  }

  /** Reads one column of a file. */
  private void rows(Entry file, Type column, Consumer<Group> consumer) {
    Configuration conf = new Configuration(hadoop);
    var projection = new MessageType("images", column(footer(file).getSchema(), file, column));
    conf.set(ReadSupport.PARQUET_READ_SCHEMA, projection.toString());
    read(
        file.path(),
        () -> {
          try (ParquetReader<Group> reader =
              ParquetReader.builder(new GroupReadSupport(), file.path()).withConf(conf).build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
              consumer.accept(row);
            }
            return file;
          }
        });
  }

  /** The column of that name, of a struct only its bytes. */
  private static Type column(MessageType schema, Entry file, Type wanted) {
    if (!schema.containsField(wanted.getName())
        || isBinary(schema.getType(wanted.getName())) != isBinary(wanted)) {
      throw wrong(file, Text.of("has no column %s like the first file's", wanted.getName()));
    }
    Type column = schema.getType(wanted.getName());
    return column.isPrimitive()
        ? column
        : column.asGroupType().withNewFields(column.asGroupType().getType(BYTES));
  }

  private FileMetaData footer(Entry file) {
    return read(
        file.path(),
        () -> {
          try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(file.path(), hadoop))) {
            return reader.getFileMetaData();
          }
        });
  }

  /** What the library throws when a file is not what it expects. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T read(Path file, Reading<T> reading) {
    try {
      return reading.read();
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      boolean ours = e instanceof IOException || e instanceof ParquetRuntimeException;
      String reason = ours ? String.valueOf(e.getMessage()).lines().findFirst().orElse("") : "";
      throw new InputException(
          Text.of(
              "%s: no Parquet file that can be read, or damaged%s",
              DataPlace.display(file), reason.isBlank() ? "" : ": " + reason),
          e);
    }
  }

  private Type image(MessageType schema) {
    List<Type> found = schema.getFields().stream().filter(ParquetFormat::isImage).toList();
    if (found.size() != 1) {
      throw wrong(
          files.get(0),
          Text.of(
              "%d columns of picture files (binary, or a struct with bytes), not one; its columns"
                  + " are %s",
              found.size(), columns(schema)));
    }
    return found.get(0);
  }

  private static boolean isImage(Type type) {
    if (!type.isPrimitive()) {
      var fields = type.asGroupType();
      return fields.containsField(BYTES) && isBinary(fields.getType(BYTES));
    }
    return isBinary(type) && type.getLogicalTypeAnnotation() == null;
  }

  private static boolean isBinary(Type type) {
    return type.isPrimitive()
        && type.getRepetition() != Type.Repetition.REPEATED
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
  }

  private Type label(MessageType schema) {
    List<Type> possible = schema.getFields().stream().filter(ParquetFormat::isLabel).toList();
    List<String> wanted = place.labels().map(List::of).orElse(LABEL_NAMES);
    Optional<Type> named =
        wanted.stream()
            .flatMap(name -> possible.stream().filter(t -> t.getName().equals(name)))
            .findFirst();
    List<Type> numbers = possible.stream().filter(t -> !isBinary(t)).toList();
    if (named.isEmpty() && (place.labels().isPresent() || numbers.size() != 1)) {
      throw wrong(
          files.get(0),
          Text.of(
              "no column of labels (whole numbers or text) called %s; its columns are %s; say which"
                  + " one with labels",
              String.join(" or ", wanted), columns(schema)));
    }
    return named.orElseGet(() -> numbers.get(0));
  }

  private static boolean isLabel(Type type) {
    if (!type.isPrimitive() || type.getRepetition() == Type.Repetition.REPEATED) {
      return false;
    }
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case INT32, INT64 -> true;
      case BINARY -> type.getLogicalTypeAnnotation() != null;
      default -> false;
    };
  }

  private static String columns(MessageType schema) {
    return String.join(", ", schema.getFields().stream().map(Type::getName).toList());
  }

  private static InputException wrong(Entry file, String fact) {
    return new InputException(DataPlace.display(file.path()) + ": " + fact);
  }
}
