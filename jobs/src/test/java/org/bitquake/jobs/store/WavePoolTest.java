package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavePoolTest {
  private final ConcurrentSkipListSet<Integer> done = new ConcurrentSkipListSet<>();

  @ParameterizedTest
  @CsvSource({"1, 10, 2", "2, 10, 2", "16, 10, 16", "1000, 10, 64", "1000, 1000, 10", "2, 0.1, 64"})
  void manyCoresAreGivenSeveralWaves(int cores, double waveSeconds, int atOnce) {
    assertThat(WavePool.atOnce(cores, waveSeconds)).isEqualTo(atOnce);
  }

  @Test
  void eachWaveRunsOnceAndSeveralAtATime() {
    var together = new CyclicBarrier(3); // is only passed if three waves run at once
    WavePool.run(
        new int[] {1, 3, 4, 6, 7, 9},
        3,
        wave -> {
          await(together);
          assertThat(done.add(wave)).isTrue();
        });
    assertThat(done).containsExactly(1, 3, 4, 6, 7, 9);
    WavePool.run(new int[0], 3, wave -> done.add(-1));
    assertThat(done).doesNotContain(-1);
  }

  @Test
  void afterAFailureTheRunningOnesEndAndNoneIsBegun() {
    var running = new CountDownLatch(1);
    var failed = new IllegalArgumentException("this wave");
    assertThatThrownBy(
            () ->
                WavePool.run(
                    IntStream.range(0, 50).toArray(),
                    2,
                    wave -> {
                      if (wave == 0) {
                        running.countDown();
                        pause(); // the other one fails in the meantime
                        done.add(wave);
                      } else {
                        await(running);
                        throw failed;
                      }
                    }))
        .isSameAs(failed);
    assertThat(done).containsExactly(0);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
