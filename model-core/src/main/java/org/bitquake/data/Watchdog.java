package org.bitquake.data;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.bitquake.Text;

/** Closes a stream on which a read stands still for too long: HttpClient has no read timeout. */
final class Watchdog implements AutoCloseable {
  private final InputStream stream;
  private final Duration limit;
  private final Thread thread;
  private volatile long lastByte = System.nanoTime();
  private volatile boolean stalled;

  Watchdog(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limit = limit;
    thread = new Thread(this::watch, "download-watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Reads from the stream.
   *
   * @throws IOException also if nothing came within the limit
   */
  int read(byte[] buffer) throws IOException {
    int n;
    try {
      n = stream.read(buffer);
    } catch (IOException e) {
      throw stalled ? stall(e) : e;
    }
    if (n < 0 && stalled) {
      throw stall(null);
    }
    lastByte = System.nanoTime();
    return n;
  }

  private IOException stall(IOException cause) {
    return new IOException(Text.of("no byte came for %d ms", limit.toMillis()), cause);
  }

  private void watch() {
    try {
      long nanos = limit.toNanos();
      for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - lastByte)) {
        Thread.sleep(left / 1_000_000 + 1);
      }
      stalled = true;
      stream.close();
    } catch (InterruptedException e) {
      // The download is over.
    } catch (IOException e) {
      // It was being closed because it is of no more use.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
