package org.bitquake.data.format;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;
import org.bitquake.data.Pixels;
import org.bitquake.data.Shape;
import org.bitquake.data.picture.Channels;
import org.bitquake.data.picture.Fitting;
import org.bitquake.data.picture.Picture;
import org.bitquake.data.picture.PictureDecoder;

/**
 * Decodes pictures on all cores into one array. Whatever the number of cores, the bytes are the
 * same, and of several bad pictures the first is named.
 *
 * <p>Pictures come in the channels that are wanted: a grey one's one channel becomes three, which
 * loses nothing; one in colour becomes grey only if it has no colour in it, or {@code channels:
 * grey} asks for it. Where nobody wants a number of channels, they are grey if all of them are.
 */
final class Decoding implements AutoCloseable {
  private static final int AHEAD = 16;

  /** Makes an image ready. */
  @FunctionalInterface
  interface Image {
    Picture picture(PictureDecoder decoder) throws IOException;
  }

  private final String title;
  private final int count;
  private final Fitting fitting;
  private final OptionalInt wanted;
  private final IntFunction<String> where;
  private final ImageProgress progress;
  private final ExecutorService pool;
  private final int window;
  private final Deque<Future<?>> running = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<PictureDecoder> decoders = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean colour = new AtomicBoolean();
  private Shape shape;
  private byte[] values;
  private int added;
  private int done;

  /**
   * @param count how many images will come
   * @param wanted channels; empty for what the pictures have
   * @param where an image is, for messages
   */
  Decoding(
      String title,
      int count,
      Fitting fitting,
      OptionalInt wanted,
      IntFunction<String> where,
      ImageProgress progress) {
    this.title = title;
    this.count = count;
    this.fitting = fitting;
    this.wanted = wanted;
    this.where = where;
    this.progress = progress;
    int threads = Runtime.getRuntime().availableProcessors();
    this.window = AHEAD * threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              var thread = new Thread(task, "decode");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Takes the next image; waits while too many are on their way. */
  void add(Image image) {
    int index = added++;
    if (index >= count) {
      throw new InputException(title + ": has changed while it was being read");
    }
    if (index == 0) {
      Picture first = picture(0, image);
      shape = first.shape();
      Memory.require(title, count, shape, Memory.limit());
      values = new byte[count * shape.size()];
      put(0, first);
      done++;
      return;
    }
    running.add(pool.submit(() -> put(index, picture(index, image))));
    if (running.size() >= window) {
      await();
    }
  }

  private void await() {
    try {
      running.remove().get();
      progress.on(++done, count);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while decoding pictures", e);
    }
  }

  /** All images, once they are ready. */
  Pixels finish() {
    while (!running.isEmpty()) {
      await();
    }
    if (added != count) {
      throw new InputException(title + ": has changed while it was being read");
    }
    progress.on(count, count);
    boolean grey =
        wanted.isEmpty() && shape.channels() == 3 && !colour.get() && !asks(Channels.RGB);
    return grey ? oneChannel() : new Pixels(shape, values);
  }

  private Pixels oneChannel() {
    int plane = shape.height() * shape.width();
    byte[] one = new byte[count * plane];
    for (int i = 0; i < count; i++) {
      System.arraycopy(values, i * shape.size(), one, i * plane, plane);
    }
    return new Pixels(new Shape(1, shape.height(), shape.width()), one);
  }

  private Picture picture(int index, Image image) {
    PictureDecoder decoder = Optional.ofNullable(decoders.poll()).orElseGet(PictureDecoder::new);
    try {
      return inChannels(index, fitting.apply(image.picture(decoder)));
    } catch (IllegalArgumentException e) {
      throw new InputException(Text.of("%s: %s", where.apply(index), e.getMessage()), e);
    } catch (IOException e) {
      throw new InputException(
          Text.of("%s: cannot be read: %s", where.apply(index), DataFile.reason(e)), e);
    } finally {
      decoders.add(decoder);
    }
  }

  private Picture inChannels(int index, Picture picture) {
    if (!picture.isPicture()) {
      return picture;
    }
    if (wanted.isEmpty()) {
      if (!asks(Channels.GREY) && picture.shape().channels() == 3 && !picture.isGrey()) {
        colour.set(true);
      }
      return asks(Channels.GREY) ? picture : picture.inColour();
    }
    if (wanted.getAsInt() == 3) {
      return picture.inColour();
    }
    if (wanted.getAsInt() == 1 && !picture.isGrey()) {
      throw new InputException(
          Text.of(
              "%s: a picture in colour, but the network takes grey ones; channels: grey makes them"
                  + " so",
              where.apply(index)));
    }
    return wanted.getAsInt() == 1 ? picture.inGrey() : picture;
  }

  private boolean asks(Channels channels) {
    return fitting.channels().filter(c -> c == channels).isPresent();
  }

  private void put(int index, Picture picture) {
    if (!picture.shape().equals(shape)) {
      throw new InputException(
          Text.of(
              "%s: a picture of %s, but %s is one of %s; give resize, or crop",
              where.apply(index), size(picture.shape()), where.apply(0), size(shape)));
    }
    System.arraycopy(picture.pixels(), 0, values, index * shape.size(), shape.size());
  }

  private static String size(Shape shape) {
    return shape.height() + "×" + shape.width();
  }

  @Override
  public void close() {
    pool.shutdownNow();
    for (PictureDecoder d = decoders.poll(); d != null; d = decoders.poll()) {
      d.close();
    }
  }
}
