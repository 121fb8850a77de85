package org.bitquake.jobs.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.bitquake.Text;
import scala.Option;

/** Asks the address of a standalone master whether anyone is there: Spark itself takes a minute. */
public final class StandaloneMaster {
  private static final int TIMEOUT_MILLIS = 4_000;
  private static final String SCHEME = "spark://";
  private static final Pattern ADDRESS = Pattern.compile("([^:,/]+):(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  /** The name under which a master listens. */
  private static final String ENDPOINT = "Master";

  private StandaloneMaster() {}

  /**
   * Why none of the addresses of {@code spark://host:port,host:port} can be connected to.
   *
   * @return empty if one can, or if this is another kind of master
   */
  public static Optional<String> obstacle(String master) {
    if (!master.startsWith(SCHEME)) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    for (var address : addresses(master)) {
      try {
        connect(address);
        return Optional.empty();
      } catch (IOException e) {
        reasons.add(Text.of("%s: %s", address, reason(e)));
      }
    }
    return Optional.of(
        reasons.isEmpty() ? "it should be spark://HOST:PORT" : String.join("; ", reasons));
  }

  /**
   * Why none of the masters of {@code spark.master} talks to a run with these settings, as Spark
   * itself would: the secret is another, or it is no Spark master.
   *
   * @return empty if one does, or if this is another kind of master
   */
  static Optional<String> refusal(SparkConf conf) {
    String master = conf.get("spark.master", "");
    if (!master.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String patience = TIMEOUT_MILLIS + "ms";
    var impatient =
        conf.clone()
            .set("spark.rpc.lookupTimeout", patience)
            .set("spark.rpc.askTimeout", patience)
            .set("spark.network.auth.rpcTimeout", patience)
            .set("spark.rpc.connect.timeout", patience);
    var security =
        new SecurityManager(
            impatient, Option.empty(), SecurityManager.$lessinit$greater$default$3());
    var rpc = RpcEnv.create("bitquake", "localhost", 0, impatient, security, true);
    try {
      String reason = "";
      for (var address : addresses(master)) {
        try {
          rpc.setupEndpointRef(new RpcAddress(address.host(), address.port()), ENDPOINT);
          return Optional.empty();
        } catch (Exception e) { // Scala does not declare SparkException
          reason = Text.of("%s: %s", address, StartFailure.reason(e));
        }
      }
      return Optional.of(reason);
    } finally {
      rpc.shutdown();
    }
  }

  private record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private static List<Address> addresses(String master) {
    return ADDRESS
        .matcher(master)
        .results()
        .map(found -> new Address(found.group(1), Integer.parseInt(found.group(2))))
        .filter(address -> address.port() > 0 && address.port() <= HIGHEST_PORT)
        .toList();
  }

  private static void connect(Address address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), TIMEOUT_MILLIS);
    }
  }

  private static String reason(IOException e) {
    return e instanceof UnknownHostException ? "no such host" : e.getMessage();
  }
}
