package org.bitquake.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.factory.Nd4j;

class HeldArraysTest {
  private static final int MOST_COLLECTIONS = 5;

  @Test
  void whatIsAllocatedDuringWorkStaysUntilItsEnd() {
    var buffer =
        HeldArrays.during(
            () -> {
              var inner = HeldArrays.during(HeldArraysTest::allocate);
              collect(inner);
              assertThat(inner.get()).as("the outer work is not done").isNotNull();
              return inner;
            });

    collect(buffer);
    assertThat(buffer.get()).as("nobody holds it any more").isNull();
  }

  @Test
  void outsideOfWorkNothingIsHeld() {
    var buffer = allocate();

    collect(buffer);
    assertThat(buffer.get()).isNull();
  }

  private static WeakReference<DataBuffer> allocate() {
    return new WeakReference<>(Nd4j.create(100).data());
  }

  /** Until it is gone, or would have been long ago. */
  private static void collect(WeakReference<DataBuffer> buffer) {
    for (int i = 0; i < MOST_COLLECTIONS && buffer.get() != null; i++) {
      System.gc();
    }
  }
}
