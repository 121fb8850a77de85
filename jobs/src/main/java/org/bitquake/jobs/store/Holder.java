package org.bitquake.jobs.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.bitquake.Text;

/**
 * Who writes to a result directory, as its lock file says.
 *
 * @param format of the file
 * @param run random, never the same twice
 * @param host for people
 * @param machine what has the same process numbers: a boot of a host, in one of its containers
 * @param pid process number there
 * @param started when that process did, ISO 8601; empty if the system does not tell
 * @param since when the lock was taken, for people
 */
record Holder(
    String format,
    String run,
    String host,
    String machine,
    long pid,
    String started,
    String since) {
  private static final String FORMAT = "bitquake-lock-1";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  Holder {
    if (!FORMAT.equals(format)) {
      throw new IllegalArgumentException("not a lock of this program");
    }
  }

  /** This process, now. */
  static Holder here() {
    var process = ProcessHandle.current();
    return new Holder(
        FORMAT,
        UUID.randomUUID().toString(),
        hostName(),
        thisMachine(),
        process.pid(),
        started(process),
        Instant.now().toString());
  }

  byte[] toJson() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Empty if these bytes say nothing about anybody, as of a file written by halves. */
  static Optional<Holder> parse(byte[] json) {
    try {
      return Optional.of(MAPPER.readValue(json, Holder.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether its process numbers are this process's too. */
  boolean isOnThisMachine() {
    return machine.equals(thisMachine());
  }

  /** Whether the process is there still; to be asked on its machine only. */
  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(found -> started.isEmpty() || started.equals(started(found)))
        .isPresent();
  }

  @Override
  public String toString() {
    return Text.of("process %d on %s, since %s", pid, host, since);
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /**
   * Linux tells boots and containers apart. Elsewhere the host's name must do, or where that is not
   * known nothing is the same machine.
   */
  private static String thisMachine() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      String space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return boot + " " + space;
    } catch (IOException | UnsupportedOperationException e) {
      String name = hostName();
      return name.equals("unknown") ? UUID.randomUUID().toString() : name;
    }
  }
}
