package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.jobs.data.PictureFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code data inspect} and {@code data convert} as people type them. */
class OwnDataCommandTest {
  private static final Shape SHAPE = new Shape(1, 20, 30);

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Dataset data;
  private String pictures;

  @BeforeEach
  void pictures() {
    byte[] pixels = new byte[7 * SHAPE.size()];
    new java.util.Random(1).nextBytes(pixels);
    System.arraycopy(pixels, 0, pixels, 6 * SHAPE.size(), SHAPE.size()); // 6 is 0
    data = new Dataset("x", SHAPE, 2, pixels, new byte[] {0, 0, 0, 0, 1, 1, 1});
    pictures = dir.resolve("pictures").toString();
    PictureFolder.classes(data, Path.of(pictures));
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private void refuses(String fact, String... args) {
    err.getBuffer().setLength(0);
    assertThat(run(args)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString()).contains(fact);
    assertThat(err.toString().lines().filter(l -> l.startsWith("bitquake:"))).hasSize(1);
  }

  @Test
  void saysWhatIsThere() {
    assertThat(run("data", "inspect", pictures)).isZero();
    assertThat(out.toString())
        .contains("pictures (folder)")
        .contains("7 of 1×20×30")
        .contains("2, of 3 … 4 images each")
        .contains("1 (image 6 is image 0), 1 of them with another label")
        .contains("SHA-256     " + data.sha256())
        .containsPattern("0  class-0 +4")
        .containsPattern("1  class-1 +3");
  }

  @Test
  void drawsASheetAndOverwritesNothingUnlessAsked() throws IOException {
    Path sheet = dir.resolve("sheet.png");
    String[] command = {"data", "inspect", pictures, "--sheet", sheet.toString()};
    assertThat(run(command)).isZero();
    var drawn = ImageIO.read(sheet.toFile());
    // Two rows of pictures, each pixel twice as large; the first stands where the names end.
    assertThat(drawn.getHeight()).isEqualTo(2 * 12 + 34 + 2 * 44);
    for (int i = 0; i < SHAPE.size(); i++) {
      int grey = data.pixels()[i] & 0xff;
      assertThat(drawn.getRGB(12 + 190 + i % 30 * 2, 12 + 34 + i / 30 * 2) & 0xffffff)
          .isEqualTo(grey * 0x10101);
    }
    refuses("sheet.png: the file exists", command);
    assertThat(
            run(
                "data",
                "inspect",
                pictures,
                "--sheet",
                sheet.toString(),
                "--output-mode=overwrite"))
        .isZero();
  }

  @Test
  void convertsToNumpyAndBack() {
    String npz = dir.resolve("x.npz").toString();
    assertThat(run("data", "convert", pictures, "--output", npz)).isZero();
    assertThat(out.toString()).contains("7 images of 1×20×30, SHA-256 " + data.sha256());
    refuses("x.npz: the file exists", "data", "convert", pictures, "--output", npz);
    out.getBuffer().setLength(0);
    assertThat(run("data", "inspect", npz)).isZero();
    assertThat(out.toString()).contains(data.sha256()).contains("class-1").contains("(npz)");
    String small = dir.resolve("small.npz").toString();
    assertThat(
            run(
                "data",
                "convert",
                pictures,
                "--resize=16",
                "--crop=16",
                "--channels=rgb",
                "--images=5",
                "-o",
                small))
        .isZero();
    assertThat(out.toString()).contains("5 images of 3×16×16");
  }

  @Test
  void readsTheNamedSetsToo() {
    assertThat(run("data", "inspect", "fashion-mnist", "--images", "100")).isZero();
    assertThat(out.toString()).contains("100 of 1×28×28").contains("Ankle boot");
  }

  @Test
  void saysWhatIsWrongInOneLine() throws IOException {
    refuses("nowhere: no such file or folder", "data", "inspect", "nowhere");
    refuses("\"x\" is no size", "data", "inspect", pictures, "--resize", "x");
    refuses("--split val is neither", "data", "inspect", pictures, "--split", "val");
    refuses("there is no format 'tar'", "data", "inspect", pictures, "--format", "tar");
    refuses("--format goes with paths", "data", "inspect", "cifar-10", "--format", "idx");
    refuses("--data goes with fashion-mnist", "data", "inspect", pictures, "--data", "x");
    refuses("--images 0 is not positive", "data", "inspect", pictures, "--images", "0");
    refuses("does not travel with bitquake", "data", "inspect", "cifar-100");
    Path bad = Path.of(pictures).resolve("class-1/00004.png");
    Files.write(bad, java.util.Arrays.copyOf(Files.readAllBytes(bad), 99));
    refuses(bad + ": is cut short", "data", "inspect", pictures);
  }
}
