package org.bitquake.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.picture.PictureFiles.file;
import static org.bitquake.data.picture.PictureFiles.random;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Shape;
import org.bitquake.data.format.ImageLoader.Wanted;
import org.bitquake.data.picture.Channels;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Picture;
import org.bitquake.data.picture.PictureFiles;
import org.bitquake.data.picture.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageLoaderTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Shape COLOUR = new Shape(3, 6, 5);
  private static final Shape GREY = new Shape(1, 6, 5);

  @TempDir Path dir;

  private static Dataset load(DataSpec spec, Optional<Wanted> wanted) {
    return ImageLoader.load(spec, wanted, HADOOP, ImageProgress.NONE);
  }

  private Dataset load() {
    return load(DataSpec.at(dir.toString(), "test"), Optional.empty());
  }

  private Dataset load(int channels, int classes) {
    return load(
        DataSpec.at(dir.toString(), "test"),
        Optional.of(new Wanted(channels, OptionalInt.of(classes))));
  }

  private DataSpec with(Fitting fitting, Optional<Integer> images) {
    var at = DataSpec.at(dir.toString(), "test");
    return new DataSpec(
        at.name(), at.path(), at.format(), "test", at.directory(), at.labels(), fitting, images);
  }

  private void refuses(String... facts) {
    refuses(DataSpec.at(dir.toString(), "test"), Optional.empty(), facts);
  }

  private static void refuses(DataSpec spec, Optional<Wanted> wanted, String... facts) {
    assertThatThrownBy(() -> load(spec, wanted))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(facts)
        .hasMessageNotContaining("\n");
  }

  private void put(String path, Picture picture) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, file(picture, path.substring(path.lastIndexOf('.') + 1)));
  }

  private static byte[] image(Dataset data, int image) {
    byte[] pixels = new byte[data.shape().size()];
    data.copyImage(image, pixels, 0);
    return pixels;
  }

  @Test
  void aFolderForEachClassSortedByCodePoints() throws IOException {
    List<String> paths =
        List.of("B/x.png", "a/2.bmp", "a/10.png", "é/sub/z.png", "é/y.png", "𐀀/q.png");
    for (int i = 0; i < paths.size(); i++) {
      put(paths.get(i), random(COLOUR, i));
    }
    Files.writeString(dir.resolve("a/.hidden"), "x");
    Files.writeString(dir.resolve("a/notes.txt"), "x");
    Dataset data = load();
    assertThat(data.classNames()).containsExactly("B", "a", "é", "𐀀");
    // 10 before 2, and folders among files by their names: sub before y.
    assertThat(data.labels()).containsExactly(0, 1, 1, 2, 2, 3);
    int[] order = {0, 2, 1, 3, 4, 5};
    for (int i = 0; i < order.length; i++) {
      assertThat(image(data, i)).isEqualTo(random(COLOUR, order[i]).pixels());
    }
    assertThat(data.shape()).isEqualTo(COLOUR);
    assertThat(load().sha256()).isEqualTo(data.sha256());
  }

  @Test
  void foldersOfSplitsAreNotClasses() throws IOException {
    put("train/cat/1.png", random(GREY, 1));
    put("test/cat/1.png", random(GREY, 2));
    put("test/dog/1.png", random(GREY, 3));
    assertThat(load().classNames()).containsExactly("cat", "dog");
    assertThat(load().name()).isEqualTo(dir.getFileName() + "/test");
    var train = load(DataSpec.at(dir.toString(), "train"), Optional.empty());
    assertThat(train.pixels()).isEqualTo(random(GREY, 1).pixels());
  }

  @Test
  void aGreyPictureInColourIsRepeatedAndOneWithoutColourIsGrey() throws IOException {
    put("a/1.png", random(GREY, 1));
    put("a/2.png", random(GREY, 2).inColour());
    assertThat(load().shape()).isEqualTo(GREY);
    assertThat(load().pixels())
        .isEqualTo(concat(random(GREY, 1).pixels(), random(GREY, 2).pixels()));
    assertThat(load(1, 1).sha256()).isEqualTo(load().sha256());
    assertThat(load(3, 1).shape()).isEqualTo(COLOUR);
    assertThat(image(load(3, 1), 0)).isEqualTo(random(GREY, 1).inColour().pixels());
    put("a/3.png", random(COLOUR, 3));
    assertThat(load().shape()).isEqualTo(COLOUR);
    refuses(
        DataSpec.at(dir.toString(), "test"),
        Optional.of(new Wanted(1, OptionalInt.empty())),
        "a/3.png: a picture in colour, but the network takes grey ones; channels: grey");
    var grey = new Fitting(Optional.of(Channels.GREY), Optional.empty(), Optional.empty());
    Dataset made =
        load(with(grey, Optional.empty()), Optional.of(new Wanted(1, OptionalInt.of(1))));
    assertThat(image(made, 2)).isEqualTo(random(COLOUR, 3).inGrey().pixels());
    assertThat(load(with(grey, Optional.empty()), Optional.empty()).sha256())
        .isEqualTo(made.sha256());
    var rgb = new Fitting(Optional.of(Channels.RGB), Optional.empty(), Optional.empty());
    Files.delete(dir.resolve("a/3.png"));
    assertThat(load(with(rgb, Optional.empty()), Optional.empty()).shape()).isEqualTo(COLOUR);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  void mixedSizesNeedAResizeOrACrop() throws IOException {
    put("a/1.png", random(COLOUR, 1));
    put("a/2.png", random(new Shape(3, 8, 8), 2));
    refuses("a/2.png: a picture of 8×8, but", "a/1.png is one of 6×5; give resize, or crop");
    var crop = new Fitting(Optional.empty(), Optional.empty(), Optional.of(Size.of(5)));
    Dataset data = load(with(crop, Optional.empty()), Optional.empty());
    assertThat(image(data, 1)).isEqualTo(random(new Shape(3, 8, 8), 2).middle(5, 5).pixels());
    var tooLarge = new Fitting(Optional.empty(), Optional.empty(), Optional.of(Size.of(7)));
    refuses(
        with(tooLarge, Optional.empty()),
        Optional.empty(),
        "a/1.png: is 6×5, smaller than the crop of 7×7");
  }

  @Test
  void labelsOfAFileAreNumbersOrNames() throws IOException {
    put("1.png", random(GREY, 1));
    put("sub/2, \"two\".png", random(GREY, 2));
    put("3.png", random(GREY, 3));
    Files.writeString(
        dir.resolve("labels.csv"),
        "\ufefflabel,note,file\r\ndog,,3.png\r\n\"cat\",\"a,\r\nb\",\"sub/2, \"\"two\"\".png\"\r\ndog,x,./1.png\r\n\r\n");
    Dataset data = load();
    assertThat(data.classNames()).containsExactly("cat", "dog");
    assertThat(data.labels()).containsExactly(1, 0, 1);
    assertThat(image(data, 0)).isEqualTo(random(GREY, 3).pixels());
    csv("file,label\n1.png,7\nsub\\2 two.png,0", "is no file inside this folder", 3);
    Files.writeString(
        dir.resolve("labels.csv"),
        "file,label\n1.png,7\n3.png,300\n\"sub/2, \"\"two\"\".png\",0\n");
    assertThat(load().classes()).isEqualTo(301);
    assertThat(load().label(1)).isEqualTo(300);
    assertThat(load(1, 1000).classes()).isEqualTo(1000);
    refuses(
        DataSpec.at(dir.toString(), "test"),
        Optional.of(new Wanted(1, OptionalInt.of(10))),
        "3.png: label 300, but the network has classes 0…9");
  }

  private void csv(String text, String fact, int line) throws IOException {
    Files.write(dir.resolve("labels.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
    refuses(line == 0 ? "labels.csv" : "labels.csv, line " + line, fact.replaceFirst("^is ", ""));
  }

  @Test
  void refusesLabelsThatDoNotFitThePictures() throws IOException {
    put("1.png", random(GREY, 1));
    put("2.png", random(GREY, 2));
    csv("1.png,0\n", "names no columns file and label", 1);
    csv("", "names no columns file and label", 1);
    csv("file,label\n", "no lines below the first", 0);
    csv("file,label\n1.png,0\n", "has no label for 1 of the pictures, such as '2.png'", 0);
    csv("file,label\n1.png,0\n2.png,cat\n", "label 'cat', but line 2 has '0'", 3);
    csv("file,label\n1.png,0\n1.png,1\n", "'1.png' is here twice", 3);
    csv("file,label\n1.png,0\n3.png,1\n", "there is no picture '3.png'", 3);
    csv("file,label\n1.png,\n2.png,1\n", "no label", 2);
    csv("file,label\n1.png,65536\n2.png,1\n", "label 65536 is over 65535", 2);
    csv("file,label\n1.png,0,x\n", "3 cells, not 2", 2);
    csv("file,label\n\"1.png,0\n", "a quote that nothing closes", 2);
    csv("file,label\n1\".png,0\n", "a quote in the middle of a cell", 2);
    csv("file,label\n\u00e9.png,0\n", "not UTF-8 text", 0);
    for (String name : List.of("../1.png", "/etc/1.png", "a/../../1.png", "file:/1.png", "a\\b")) {
      csv("file,label\n" + name + ",0\n", "no file inside this folder", 2);
    }
  }

  @Test
  void refusesFoldersThatAreNoData() throws IOException, InterruptedException {
    refuses("no data that bitquake knows");
    put("1.png", random(GREY, 1));
    refuses("neither a sub-folder for each class nor labels.csv");
    Files.createDirectories(dir.resolve("cat"));
    refuses("1.png: a picture beside the sub-folders");
    Files.delete(dir.resolve("1.png"));
    refuses("no PNG, JPEG or BMP pictures in its folders");
    Files.writeString(dir.resolve("cat/1.gif"), "GIF89a");
    refuses("cat/1.gif: is no PNG, JPEG or BMP; convert it to PNG");
    Files.delete(dir.resolve("cat/1.gif"));
    Files.createSymbolicLink(dir.resolve("cat/loop"), dir);
    refuses("folders in each other; does a link lead back?");
    Files.delete(dir.resolve("cat/loop"));
    put("cat/1.png", random(GREY, 1));
    Files.createSymbolicLink(dir.resolve("cat/gone.png"), dir.resolve("nowhere"));
    refuses("'gone.png' cannot be opened: a broken link");
    Files.delete(dir.resolve("cat/gone.png"));
    new ProcessBuilder("sh", "-c", "cp cat/1.png \"$(printf 'cat/\\377\\376.png')\"")
        .directory(dir.toFile())
        .start()
        .waitFor();
    refuses("cannot be opened: a broken link, or a name that is not in the encoding");
    refuses(
        DataSpec.at(dir.resolve("nowhere").toString(), "test"),
        Optional.empty(),
        "nowhere: no such file or folder");
    refuses(DataSpec.at("nosuch://host/x", "test"), Optional.empty(), "nosuch://host/x: cannot");
  }

  @Test
  void namesTheFirstBadPictureWhateverTheCores() throws IOException {
    for (int i = 0; i < 200; i++) {
      put(Text.of("a/%03d.png", i), random(GREY, i));
    }
    Files.write(dir.resolve("a/150.png"), new byte[10]);
    byte[] cut = file(random(GREY, 1), "png");
    Files.write(dir.resolve("a/090.png"), Arrays.copyOf(cut, cut.length - 20));
    refuses("a/090.png: is cut short");
    Files.write(dir.resolve("a/020.png"), PictureFiles.claiming(cut, 1 << 20, 1 << 20));
    refuses("a/020.png: claims to be 1048576×1048576");
  }

  @Test
  void fewerImagesAreDrawnOnceAndAlwaysTheSame() throws IOException {
    for (int i = 0; i < 100; i++) {
      put(Text.of("%s/%03d.png", i < 50 ? "a" : "b", i), random(GREY, i));
    }
    Dataset all = load();
    Dataset some = load(with(Fitting.NONE, Optional.of(30)), Optional.empty());
    assertThat(some.size()).isEqualTo(30);
    assertThat(some.classes()).isEqualTo(2);
    int[] found =
        IntStream.range(0, 30)
            .map(
                i ->
                    IntStream.range(0, 100)
                        .filter(j -> Arrays.equals(image(all, j), image(some, i)))
                        .findFirst()
                        .orElseThrow())
            .toArray();
    assertThat(found).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < 30; i++) {
      assertThat(some.label(i)).isEqualTo(all.label(found[i]));
    }
    assertThat(load(with(Fitting.NONE, Optional.of(30)), Optional.empty()).sha256())
        .isEqualTo(some.sha256());
    refuses(with(Fitting.NONE, Optional.of(101)), Optional.empty(), "images: 101, but", "has 100");
  }

  @Test
  void tooManyImagesAreRefusedBeforeMemoryIsSetAside() {
    assertThatThrownBy(() -> Memory.require("big", 1_281_167, new Shape(3, 224, 224), 1L << 30))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1,281,167 images of 3×224×224 take 183,918 MiB")
        .hasMessageContaining("images: 7133")
        .hasMessageNotContaining("\n");
    Memory.require("small", 10_000, new Shape(3, 32, 32), 1L << 30);
  }

  @Test
  void aDataSetByNameIsAsItAlwaysWas() {
    var spec = DataSpec.named("fashion-mnist", "test", Optional.empty());
    Dataset before = Datasets.load("fashion-mnist", "test", Optional.empty(), HADOOP);
    Dataset now = load(spec, Optional.of(new Wanted(1, OptionalInt.of(10))));
    assertThat(now.name()).isEqualTo(before.name());
    assertThat(now.sha256()).isEqualTo(before.sha256());
    Dataset colour = load(spec, Optional.of(new Wanted(3, OptionalInt.of(10))));
    assertThat(colour.shape()).isEqualTo(new Shape(3, 28, 28));
    assertThat(colour.labels()).isEqualTo(before.labels());
  }
}
