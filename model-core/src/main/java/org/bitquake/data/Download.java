package org.bitquake.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Gets one file over HTTP into {@code NAME.part}, goes on where an earlier attempt or run stopped,
 * and checks length and MD5.
 */
final class Download {
  /**
   * How stubborn a download is.
   *
   * @param attempts in all, at least 1
   * @param firstWait before the second attempt; doubled before each later one
   * @param stall without a byte for so long, an attempt has failed
   */
  record Patience(int attempts, Duration firstWait, Duration stall) {
    static final Patience DEFAULT = new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  /** The server's answer is of no use, but another try may help. */
  private static final class RetryException extends IOException {
    private static final long serialVersionUID = 1L;

    RetryException(String message) {
      super(message);
    }
  }

  private final HttpClient client;
  private final Patience patience;
  private final Progress progress;

  Download(HttpClient client, Patience patience, Progress progress) {
    this.client = client;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Gets {@code uri}.
   *
   * @param part the file to write; what it holds already counts as the beginning
   * @throws InputException if the server has no such file, it is another one, or the connection
   *     fails on every attempt; then what has come stays in {@code part} for the next call
   */
  void get(URI uri, Path part, Source.Archive expected) throws IOException {
    for (int attempt = 1; !isComplete(part, expected); attempt++) {
      try {
        attempt(uri, part, expected);
      } catch (IOException e) {
        if (attempt == patience.attempts()) {
          throw new InputException(
              Text.of(
                  "%s: gave up after %d attempts with %d of %d bytes: %s; run it again to go on from there",
                  uri, attempt, size(part), expected.bytes(), DataFile.reason(e)),
              e);
        }
        pause(patience.firstWait().multipliedBy(1L << Math.min(attempt - 1, 10)));
      }
    }
    String md5;
    try (InputStream in = Files.newInputStream(part)) {
      md5 = Checksums.of(in, "MD5", expected.bytes()).hex();
    }
    if (!md5.equals(expected.md5())) {
      Files.delete(part);
      throw new InputException(
          Text.of(
              "%s: the MD5 is %s, not the published %s; deleted, try again or another --url",
              uri, md5, expected.md5()));
    }
  }

  private static boolean isComplete(Path part, Source.Archive expected) throws IOException {
    if (size(part) > expected.bytes()) {
      Files.delete(part);
    }
    return size(part) == expected.bytes();
  }

  private void attempt(URI uri, Path part, Source.Archive expected) throws IOException {
    long have = size(part);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(patience.stall())
            .header("User-Agent", "bitquake")
            .header("Accept-Encoding", "identity");
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      long from = start(uri, response, part, have, expected.bytes());
      StandardOpenOption[] append = {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
      StandardOpenOption[] anew = {
        StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
      };
      try (FileChannel file = FileChannel.open(part, from > 0 ? append : anew)) {
        copy(uri, body, file, from, expected);
        file.force(true);
      }
    }
  }

  /** Where the body begins in the file: at {@code have} or, from a server without ranges, at 0. */
  private static long start(
      URI uri, HttpResponse<InputStream> response, Path part, long have, long total)
      throws IOException {
    int status = response.statusCode();
    if (status == 206) {
      String range = response.headers().firstValue("Content-Range").orElse("");
      if (range.startsWith("bytes " + have + "-")
          && (range.endsWith("/" + total) || range.endsWith("/*"))) {
        return have;
      }
      Files.deleteIfExists(part);
      throw new RetryException(Text.of("asked for bytes %d- of %d, got '%s'", have, total, range));
    }
    if (status == 416) {
      Files.deleteIfExists(part);
      throw new RetryException("the server does not know the rest of the file");
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new RetryException("the server answered " + status);
    }
    if (status != 200) {
      throw new InputException(Text.of("%s: the server answered %d; check --url", uri, status));
    }
    long offered = response.headers().firstValueAsLong("Content-Length").orElse(total);
    if (offered != total) {
      throw wrongLength(uri, Long.toString(offered), total);
    }
    return 0;
  }

  private void copy(URI uri, InputStream body, FileChannel file, long from, Source.Archive expected)
      throws IOException {
    OutputStream out = Channels.newOutputStream(file);
    byte[] buffer = new byte[1 << 16];
    long done = from;
    long start = System.nanoTime();
    try (var watchdog = new Watchdog(body, patience.stall())) {
      for (int n; (n = watchdog.read(buffer)) >= 0; ) {
        done += n;
        if (done > expected.bytes()) {
          file.truncate(0);
          throw wrongLength(uri, "more", expected.bytes());
        }
        out.write(buffer, 0, n);
        double seconds = (System.nanoTime() - start) / 1e9;
        progress.on(
            new Progress.Step(
                expected.file(), done, expected.bytes(), (done - from) / Math.max(seconds, 1e-3)));
      }
    }
    if (done < expected.bytes()) {
      throw new RetryException("the connection ended early");
    }
  }

  private static InputException wrongLength(URI uri, String offered, long total) {
    return new InputException(
        Text.of(
            "%s: the server has %s bytes, the published file %d; check --url",
            uri, offered, total));
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static void pause(Duration wait) throws IOException {
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the download was interrupted");
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
