package org.bitquake.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.picture.PictureFiles.file;
import static org.bitquake.data.picture.PictureFiles.random;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.picture.Fitting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFormatTest {
  private static final int MUTATIONS = Integer.getInteger("bitquake.mutations", 100);
  private static final Shape SHAPE = new Shape(3, 6, 5);
  private static final Configuration HADOOP = new Configuration();

  private static final MessageType HUB =
      MessageTypeParser.parseMessageType(
          """
          message schema {
            optional group image { optional binary bytes; optional binary path (STRING); }
            optional int64 label;
            optional int64 coarse;
          }
          """);

  private static final MessageType PLAIN =
      MessageTypeParser.parseMessageType(
          "message schema { optional binary img; optional binary kind (STRING); }");

  private static final String NAMES =
      "{\"info\": {\"features\": {\"label\": {\"names\": [\"cat\", \"dog\", \"eel\"], \"_type\":"
          + " \"ClassLabel\"}}}}";

  @TempDir Path dir;

  /** Writes rows; the rows' pictures are random ones of these seeds. */
  private Path write(String name, MessageType schema, Map<String, String> more, Row... rows)
      throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    var factory = new SimpleGroupFactory(schema);
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withExtraMetaData(more)
            .withCompressionCodec(CompressionCodecName.GZIP)
            .build()) {
      for (Row row : rows) {
        writer.write(row.group(factory, schema));
      }
    }
    return file;
  }

  private record Row(long seed, Object label) {
    Group group(SimpleGroupFactory factory, MessageType schema) {
      Group group = factory.newGroup();
      var png = Binary.fromConstantByteArray(file(random(SHAPE, seed), "png"));
      if (schema.containsField("image")) {
        group.addGroup("image").append("bytes", png).append("path", "x.png");
      } else {
        group.append("img", png);
      }
      if (label instanceof Long number) {
        group.append("label", number).append("coarse", 7L);
      } else if (label != null) {
        group.append("kind", (String) label);
      }
      return group;
    }
  }

  private static Dataset load(Path path, String split, Optional<String> labels) {
    var at = DataSpec.at(path.toString(), split);
    var spec =
        new DataSpec(
            at.name(),
            at.path(),
            at.format(),
            split,
            at.directory(),
            labels,
            Fitting.NONE,
            Optional.empty());
    return ImageLoader.load(spec, Optional.empty(), HADOOP, ImageProgress.NONE);
  }

  private static Dataset load(Path path) {
    return load(path, "test", Optional.empty());
  }

  private static void refuses(Path path, String... facts) {
    assertThatThrownBy(() -> load(path))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(facts)
        .hasMessageNotContaining("\n");
  }

  private static byte[] pixels(long... seeds) {
    byte[] all = new byte[seeds.length * SHAPE.size()];
    for (int i = 0; i < seeds.length; i++) {
      System.arraycopy(random(SHAPE, seeds[i]).pixels(), 0, all, i * SHAPE.size(), SHAPE.size());
    }
    return all;
  }

  @Test
  void readsWhatTheHubStores() throws IOException {
    Map<String, String> names = Map.of("huggingface", NAMES);
    write("data/test-00001-of-00002.parquet", HUB, names, new Row(3, 0L));
    write("data/test-00000-of-00002.parquet", HUB, names, new Row(1, 1L), new Row(2, 0L));
    write("data/train-00000-of-00001.parquet", HUB, names, new Row(9, 2L));
    Dataset test = load(dir);
    assertThat(test.pixels()).isEqualTo(pixels(1, 2, 3));
    assertThat(test.labels()).containsExactly(1, 0, 0);
    assertThat(test.classNames()).containsExactly("cat", "dog", "eel");
    assertThat(test.name()).isEqualTo(dir.getFileName() + "/test");
    assertThat(load(dir, "train", Optional.empty()).pixels()).isEqualTo(pixels(9));
    Dataset coarse = load(dir, "test", Optional.of("coarse"));
    assertThat(coarse.labels()).containsOnly(7);
    assertThat(coarse.classNames()).isEmpty();
  }

  @Test
  void readsPlainColumnsWithTextAsLabels() throws IOException {
    Path file =
        write("x.parquet", PLAIN, Map.of(), new Row(4, "b"), new Row(5, "B"), new Row(6, "b"));
    refuses(file, "no column of labels", "called label or labels", "its columns are img, kind");
    Dataset data = load(file, "test", Optional.of("kind"));
    assertThat(data.classNames()).containsExactly("B", "b");
    assertThat(data.labels()).containsExactly(1, 0, 1);
    assertThat(data.pixels()).isEqualTo(pixels(4, 5, 6));
  }

  @Test
  void namesTheRowThatIsWrong() throws IOException {
    refuses(
        write("a.parquet", HUB, Map.of(), new Row(1, 1L), new Row(2, -1L)),
        "a.parquet: row 1 has label -1");
    refuses(
        write("b.parquet", HUB, Map.of(), new Row(1, 1L), new Row(2, null)),
        "b.parquet: row 1 has no label");
    var broken = new SimpleGroupFactory(HUB).newGroup();
    broken.addGroup("image").append("path", "gone.png");
    Path file = dir.resolve("c.parquet");
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(HUB)
            .build()) {
      writer.write(new Row(1, 1L).group(new SimpleGroupFactory(HUB), HUB));
      writer.write(broken.append("label", 0L));
    }
    refuses(file, "c.parquet, row 1: cannot be read: the picture is missing");
  }

  @Test
  void noMutationDoesAnythingElse() throws IOException {
    byte[] sound =
        Files.readAllBytes(
            write("x.parquet", HUB, Map.of("huggingface", NAMES), new Row(1, 1L), new Row(2, 0L)));
    var random = new Random(44);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutant = sound.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(mutant.length) : mutant.length;
      Path file = Files.write(dir.resolve("m" + i + ".parquet"), Arrays.copyOf(mutant, length));
      try {
        load(file);
      } catch (InputException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS / 3);
  }
}
