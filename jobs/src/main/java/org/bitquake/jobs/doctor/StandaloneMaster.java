package org.bitquake.jobs.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks the address of a standalone master whether anyone is there: Spark itself takes a minute. */
final class StandaloneMaster {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final Pattern ADDRESS = Pattern.compile("([^:,/]+):(\\d{1,5})");

  private StandaloneMaster() {}

  /**
   * Why none of the addresses of {@code spark://host:port,host:port} can be connected to.
   *
   * @return empty if one can, or if this is another kind of master
   */
  static Optional<String> obstacle(String master) {
    if (!master.startsWith("spark://")) {
      return Optional.empty();
    }
    var addresses = ADDRESS.matcher(master);
    String why = "it should be spark://HOST:PORT";
    while (addresses.find()) {
      int port = Integer.parseInt(addresses.group(2));
      if (port < 1 || port > 65_535) {
        continue;
      }
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(addresses.group(1), port), TIMEOUT_MILLIS);
        return Optional.empty();
      } catch (IOException e) {
        why = "%s: %s".formatted(addresses.group(), e.getMessage());
      }
    }
    return Optional.of(why);
  }
}
