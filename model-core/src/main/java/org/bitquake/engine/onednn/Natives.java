package org.bitquake.engine.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Owns native objects and frees them, the last one first. What is made along the way and not kept
 * belongs into a {@link #scope}.
 */
final class Natives implements AutoCloseable {
  private final Deque<Pointer> kept = new ArrayDeque<>();

  /** Frees, when closed, what this thread has made since and nobody keeps. */
  @SuppressWarnings("unchecked") // no class names: of all classes
  static PointerScope scope() {
    return new PointerScope();
  }

  <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    kept.push(pointer);
    return pointer;
  }

  /** May be called from any thread, and again. */
  @Override
  public void close() {
    while (!kept.isEmpty()) {
      kept.pop().releaseReference();
    }
  }
}
