package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;

class ImageSamplerTest {
  @Test
  void drawsDistinctImagesOfThePopulation() {
    var sampler = new ImageSampler(1, 100, 99);
    for (long trial = 0; trial < 200; trial++) {
      int[] images = sampler.draw(trial);
      assertThat(images).hasSize(99).doesNotHaveDuplicates();
      assertThat(Arrays.stream(images).min().orElseThrow()).isNotNegative();
      assertThat(Arrays.stream(images).max().orElseThrow()).isLessThan(100);
    }
  }

  @Test
  void drawingAllImagesKeepsTheirOrder() {
    var sampler = new ImageSampler(1, 50, 50);
    int[] all = IntStream.range(0, 50).toArray();
    assertThat(sampler.draw(3)).isEqualTo(all);
    sampler.draw(3)[0] = 7; // the caller's to change
    assertThat(sampler.draw(4)).isEqualTo(all);
  }

  @Test
  void fewerImagesAreTheFirstOfMore() {
    int[] more = new ImageSampler(5, 10_000, 500).draw(12);
    for (int count : new int[] {1, 2, 30, 499}) {
      assertThat(new ImageSampler(5, 10_000, count).draw(12)).isEqualTo(Arrays.copyOf(more, count));
    }
  }

  @Test
  void aDrawDependsOnSeedAndTrialOnly() {
    var sampler = new ImageSampler(5, 1000, 20);
    int[] first = sampler.draw(1);
    assertThat(sampler.draw(2)).isNotEqualTo(first);
    assertThat(sampler.draw(1)).isEqualTo(first);
    assertThat(new ImageSampler(6, 1000, 20).draw(1)).isNotEqualTo(first);
    assertThat(new ImageSampler(1, 1000, 20).draw(5)).isNotEqualTo(first);
  }

  @Test
  void everyOrderedChoiceIsEquallyLikely() {
    long[] choices = new long[7 * 7 * 7];
    var sampler = new ImageSampler(7, 7, 3);
    for (long trial = 0; trial < 42_000; trial++) {
      int[] images = sampler.draw(trial);
      choices[(images[0] * 7 + images[1]) * 7 + images[2]]++;
    }
    long[] possible = Arrays.stream(choices).filter(count -> count > 0).toArray();
    assertThat(possible).hasSize(7 * 6 * 5);
    Law.assertUniform(possible);
  }

  @Test
  void everyImageIsEquallyLikelyAtEveryPlace() {
    long[] first = new long[100];
    long[] last = new long[100];
    long[] any = new long[100];
    var sampler = new ImageSampler(9, 100, 10);
    for (long trial = 0; trial < 20_000; trial++) {
      int[] images = sampler.draw(trial);
      first[images[0]]++;
      last[images[9]]++;
      Arrays.stream(images).forEach(image -> any[image]++);
    }
    Law.assertUniform(first);
    Law.assertUniform(last);
    // Counts of a draw without replacement spread less than χ² expects, so only the range is
    // tested.
    for (long count : any) {
      Law.assertBinomial((int) count, 20_000, 0.1);
    }
  }

  @Test
  void givesTheKnownImages() {
    assertThat(new ImageSampler(2024, 10_000, 8).draw(7))
        .containsExactly(2817, 126, 8317, 8442, 7410, 5223, 449, 5190);
  }

  @Test
  void refusesImpossibleCounts() {
    for (int count : new int[] {0, -1, 11}) {
      assertThatThrownBy(() -> new ImageSampler(1, 10, count))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
