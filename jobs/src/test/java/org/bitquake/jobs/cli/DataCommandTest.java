package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataCommandTest {
  private static final byte[] DATA = "some labels".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private Exception thrown;
  private HttpServer server;
  private List<Source> sources;

  @BeforeEach
  void serveOneFile() throws IOException, NoSuchAlgorithmException {
    var bytes = new ByteArrayOutputStream();
    try (var gz = new GZIPOutputStream(bytes)) {
      gz.write(DATA);
    }
    byte[] file = bytes.toByteArray();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/mirror/x.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, file.length);
          exchange.getResponseBody().write(file);
          exchange.close();
        });
    server.start();
    var contents = new Source.Contents("x", DATA.length, hash("SHA-256", DATA));
    sources =
        List.of(
            new Source(
                "tiny",
                Text.of("http://127.0.0.1:%d/", server.getAddress().getPort()),
                Optional.empty(),
                List.of(
                    new Source.Archive(
                        "x.gz", file.length, hash("MD5", file), List.of(contents)))));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static String hash(String algorithm, byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }

  private int run(DataCommand command, String... args) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              thrown = e;
              return 2;
            })
        .execute(args);
  }

  private int run(String... args) {
    return run(new DataCommand(sources), args);
  }

  private void assertInputError(String... facts) {
    assertThat(thrown).isInstanceOf(InputException.class).hasMessageContainingAll(facts);
  }

  @Test
  void fetchesFromAnotherServerAndVerifies() {
    String mirror = sources.get(0).base() + "mirror";
    assertThat(run("fetch", "tiny", "--data", dir.toString(), "--url", mirror)).isZero();
    assertThat(dir.resolve("tiny/x.gz")).exists();
    assertThat(out.toString())
        .contains("x.gz  0.0 of 0.0 MB  100 %")
        .contains("tiny is complete in " + dir.resolve("tiny"));
    assertThat(run("verify", "tiny", "--data", dir.toString())).isZero();
    assertThat(out.toString()).contains(dir.resolve("tiny/x.gz") + ": original");
  }

  @Test
  void fetchSaysThatTheServerLacksTheFile() {
    assertThat(run("fetch", "tiny", "--data", dir.toUri().toString())).isEqualTo(2);
    assertInputError("x.gz: the server answered 404");
  }

  @Test
  void verifyNamesTheFileThatIsNotThePublishedOne() throws IOException {
    Files.writeString(dir.resolve("x"), "other label");
    assertThat(run("verify", "tiny", "--data", dir.toString())).isEqualTo(2);
    assertThat(out.toString()).contains(dir.resolve("x") + ": other contents: SHA-256");
    assertInputError("1 of 1 files of tiny", "--force");
  }

  @Test
  void fetchesIntoLocalDirectoriesOnly() {
    for (String directory : new String[] {"hdfs://host/data", "s3a://bucket/data", ""}) {
      assertThat(run("fetch", "tiny", "--data", directory)).isEqualTo(2);
      assertInputError("--data '" + directory + "'", "local directory");
    }
  }

  @Test
  void refusesUnknownNamesAndNothingToDo() {
    assertThat(run("fetch", "mnist")).isEqualTo(2);
    assertInputError("no data set 'mnist'; known are tiny");
    assertThat(run("verify", "mnist")).isEqualTo(2);
    assertInputError("no data set 'mnist'");
    assertThat(run()).isEqualTo(2);
    assertInputError("data fetch NAME, data verify NAME, data inspect PATH or data convert PATH");
  }

  @Test
  void thePublishedSetsAreTheDefault() {
    assertThat(run(new DataCommand(), "verify", "cifar-10", "--data", dir.toString())).isEqualTo(2);
    assertInputError("no data_batch_1.bin", "bitquake data fetch cifar-10");
    assertThat(run(new DataCommand(), "verify", "cifar-100", "--data", dir.toString()))
        .isEqualTo(2);
    assertInputError("no train.bin", "bitquake data fetch cifar-100");
  }
}
