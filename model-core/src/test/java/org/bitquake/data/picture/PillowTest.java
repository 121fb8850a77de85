package org.bitquake.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures as Pillow writes, reads and resizes them, to the byte; skipped where it is missing. */
class PillowTest {
  /**
   * Writes pictures, and what Pillow reads back: file, channels, height, width; then the pixels.
   */
  private static final String SCRIPT =
      """
      import sys, random
      from PIL import Image, ImageCms, ImageFilter
      import numpy as np
      out = sys.argv[1]
      rng = np.random.default_rng(3)
      listing = open(out + '/list.txt', 'w')
      sizes = [(1, 1), (7, 5), (32, 32), (33, 47), (64, 20), (97, 131)]
      jobs = []
      for n, (h, w) in enumerate(sizes):
          noise = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
          rgb = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(1.2))
          grey = rgb.convert('L')
          for mode in ['L', 'RGB', 'P', '1', 'RGBA', 'LA']:
              jobs.append((rgb.convert(mode), '%d-%s.png' % (n, mode), {}))
          four = rgb.quantize(4)
          jobs.append((four, '%d-four.png' % n, {'bits': 2}))
          icc = ImageCms.ImageCmsProfile(ImageCms.createProfile('LAB')).tobytes()
          srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
          jobs.append((rgb, '%d-icc.png' % n, {'icc_profile': srgb}))
          for quality in [30, 75, 95]:
              for sub in [0, 1, 2]:
                  for prog in [False, True]:
                      o = dict(quality=quality, subsampling=sub, progressive=prog)
                      jobs.append((rgb, '%d-%d-%d-%d.jpg' % (n, quality, sub, prog), o))
              jobs.append((grey, '%d-%d-grey.jpg' % (n, quality), dict(quality=quality)))
          jobs.append((rgb, '%d-icc.jpg' % n, {'icc_profile': srgb}))
          jobs.append((rgb, '%d-odd-icc.jpg' % n, {'icc_profile': icc}))
          jobs.append((rgb, '%d-restart.jpg' % n, {'optimize': True, 'dpi': (72, 72)}))
          for mode in ['L', 'RGB', 'P', '1']:
              jobs.append((rgb.convert(mode), '%d-%s.bmp' % (n, mode), {}))
      for image, name, options in jobs:
          image.save(out + '/' + name, **options)
          back = Image.open(out + '/' + name)
          back = back.convert('L' if back.mode in ('1', 'L', 'LA') else 'RGB')
          for suffix, its in [('.raw', back), ('.half', None), ('.up', None), ('.grey', back.convert('L'))]:
              if suffix == '.half':
                  its = back.resize((max(1, back.width * 3 // 7), max(1, back.height // 2)), Image.BILINEAR)
              if suffix == '.up':
                  its = back.resize((back.width * 2 + 1, back.height + 3), Image.BILINEAR)
              a = np.asarray(its)
              a = a[None] if a.ndim == 2 else a.transpose(2, 0, 1)
              open(out + '/' + name + suffix, 'wb').write(a.tobytes())
              if suffix != '.grey':
                  listing.write('%s %d %d %d\\n' % (name + suffix, a.shape[0], a.shape[1], a.shape[2]))
      listing.close()
      """;

  private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

  @TempDir Path dir;

  @Test
  void readsAndResizesAsPillowDoes() throws IOException {
    Path script = dir.resolve("write.py");
    Files.writeString(script, SCRIPT);
    var python = PYTHONS.stream().filter(p -> run(p, "-c", "import PIL, numpy")).findFirst();
    assumeTrue(python.isPresent(), "no python3 has Pillow");
    assertThat(run(python.get(), script.toString(), dir.toString()))
        .as("%s", dir.resolve("python.log"))
        .isTrue();
    List<String> lines = Files.readAllLines(dir.resolve("list.txt"), StandardCharsets.UTF_8);
    assertThat(lines).hasSizeGreaterThan(500);
    try (var decoder = new PictureDecoder()) {
      for (String line : lines) {
        String[] words = line.split(" ", -1);
        String name = words[0].substring(0, words[0].lastIndexOf('.'));
        Picture picture = decoder.decode(Files.readAllBytes(dir.resolve(name)));
        int channels = Integer.parseInt(words[1]);
        if (channels == 3) {
          picture = picture.inColour();
        } else {
          assertThat(picture.isGrey()).as(name).isTrue();
          picture = picture.inGrey();
        }
        int height = Integer.parseInt(words[2]);
        int width = Integer.parseInt(words[3]);
        var size = new Size(height, OptionalInt.of(width));
        var fitting = new Fitting(Optional.empty(), Optional.of(size), Optional.empty());
        assertThat(fitting.apply(picture).pixels())
            .as(line)
            .isEqualTo(Files.readAllBytes(dir.resolve(words[0])));
        if (words[0].endsWith(".raw")) {
          assertThat(picture.shape()).hasToString(Text.of("%d×%d×%d", channels, height, width));
          assertThat(picture.inGrey().pixels())
              .as("luminance of " + name)
              .isEqualTo(Files.readAllBytes(dir.resolve(name + ".grey")));
        }
      }
    }
  }

  private boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("python.log").toFile())
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
