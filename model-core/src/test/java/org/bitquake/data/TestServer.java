package org.bitquake.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.bitquake.Text;

/** A web server on 127.0.0.1 with ranges, whose faults are set by the fields. */
final class TestServer implements AutoCloseable {
  /** The requests so far, such as {@code x.gz} or {@code x.gz bytes=5-}. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  final Map<String, byte[]> files = new HashMap<>();
  volatile boolean ranges = true;

  /** How many more bodies break off after {@link #cutAfter} bytes. */
  final AtomicInteger cuts = new AtomicInteger();

  volatile int cutAfter;

  /** A body stands still where it should break off, until the server closes. */
  volatile boolean stall;

  /** How many more requests are answered with 503. */
  final AtomicInteger unavailable = new AtomicInteger();

  /** Added to the first byte's position in Content-Range. */
  volatile int rangeError;

  /** Whether to keep the length to itself. */
  volatile boolean chunked;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(range == null ? name : name + " " + range);
    byte[] file = files.get(name);
    boolean busy = unavailable.getAndDecrement() > 0;
    if (busy || file == null) {
      exchange.sendResponseHeaders(busy ? 503 : 404, -1);
      exchange.close();
      return;
    }
    int from = 0;
    int status = 200;
    if (ranges && range != null) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      status = 206;
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              Text.of("bytes %d-%d/%d", from + rangeError, file.length - 1, file.length));
    }
    exchange.sendResponseHeaders(status, chunked ? 0 : file.length - from);
    send(exchange, file, from);
  }

  private void send(HttpExchange exchange, byte[] file, int from) throws IOException {
    int length = file.length - from;
    boolean cut = cuts.getAndDecrement() > 0;
    try (exchange) {
      var body = exchange.getResponseBody();
      body.write(file, from, cut ? Math.min(cutAfter, length) : length);
      body.flush();
      if (cut && stall) {
        Thread.sleep(Long.MAX_VALUE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
