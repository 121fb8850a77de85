package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.PutStore;
import org.bitquake.jobs.store.Lease.Timing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  private static final Timing QUICK =
      new Timing(Duration.ofMillis(20), Duration.ofMillis(400), Duration.ofMillis(50));

  /** Never a sign of life. */
  private static final Timing SILENT =
      new Timing(Duration.ofDays(1), QUICK.expiry(), QUICK.settle());

  @TempDir Path directory;
  private StoreFiles files;
  private org.apache.hadoop.fs.Path root;

  @BeforeEach
  void local() {
    root = new org.apache.hadoop.fs.Path("file://" + directory);
    files = StoreFiles.of(root, new Configuration());
  }

  private void objectStore() {
    root = new org.apache.hadoop.fs.Path("s3a://bucket" + directory);
    files = StoreFiles.of(root, PutStore.configuration());
  }

  private Lease take(Timing timing) {
    return Lease.take(root, files, timing);
  }

  private Path lock(int generation) {
    return directory.resolve("_lock-" + generation);
  }

  /** Makes a lock another's: another machine, another process, other names. */
  private void change(int generation, String key, Object value) throws IOException {
    var mapper = new JsonMapper();
    var json = (ObjectNode) mapper.readTree(lock(generation).toFile());
    json.putPOJO(key, value);
    Path draft = Files.createTempFile("changed", null);
    Files.write(draft, mapper.writeValueAsBytes(json));
    Files.move(draft, lock(generation), StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(directory.resolve(Text.of("._lock-%d.crc", generation)));
  }

  /** One that lets its user write and list only. */
  static final class WriteOnlyStore extends PutStore {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int buffer) throws IOException {
      throw new IOException("Access Denied");
    }
  }

  @Test
  void whereNothingCanBeReadThatIsSaidAtOnce() {
    var hadoop = new Configuration();
    hadoop.set("fs.s3a.impl", WriteOnlyStore.class.getName());
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
    root = new org.apache.hadoop.fs.Path("s3a://bucket" + directory);
    files = StoreFiles.of(root, hadoop);

    assertThatThrownBy(() -> take(QUICK))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("_lock-1: cannot be read: Access Denied");
  }

  @Test
  void whoHoldsItIsNamedAndNobodyElseGetsIt() {
    try (var first = take(QUICK)) {
      assertThatThrownBy(() -> take(QUICK))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(
              "another run writes here (process " + ProcessHandle.current().pid() + " on")
          .hasMessageContaining("bitquake stop")
          .hasMessageNotContaining("\n");
      first.requireHeld();
    }
    assertThat(directory).isEmptyDirectory();
    take(QUICK).close();
  }

  @Test
  void ofManyAtOnceOneGetsIt() throws Exception {
    int rounds = 20;
    int many = 8;
    var pool = Executors.newFixedThreadPool(many);
    try {
      for (int round = 0; round < rounds; round++) {
        var held = new AtomicInteger();
        List<Callable<Lease>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
          all.add(
              () -> {
                try {
                  var lease = take(QUICK);
                  held.incrementAndGet();
                  return lease;
                } catch (InputException e) {
                  return null;
                }
              });
        }
        for (var result : pool.invokeAll(all)) {
          if (result.get() != null) {
            result.get().requireHeld();
            result.get().close();
          }
        }
        assertThat(held.get()).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aProcessThatIsGoneIsOutbidAtOnce() throws IOException {
    Timing never = new Timing(QUICK.beat(), Duration.ofDays(1), QUICK.settle());
    var killed = take(SILENT);
    change(1, "started", "1970-01-01T00:00:00Z"); // its number was given to this process
    try (var next = take(never)) {
      assertThat(lock(1)).doesNotExist();
      assertThat(lock(2)).exists();
      assertThatThrownBy(killed::requireHeld)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another run took over")
          .hasMessageContaining("process");
      killed.close(); // takes nothing away
      next.requireHeld();
    }
  }

  @Test
  void aSilentRunElsewhereIsOutbidAfterItsExpiry() throws IOException {
    var silent = take(SILENT);
    change(1, "machine", "another");
    long start = System.nanoTime();
    try (var next = take(QUICK)) {
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(QUICK.expiry().toNanos());
      next.requireHeld();
      assertThatThrownBy(silent::requireHeld).hasMessageContaining("took over");
    }
    assertThatThrownBy(silent::requireHeld).hasMessageContaining("it has ended by now");
  }

  @Test
  void aRunElsewhereThatShowsLifeIsRefused() throws IOException {
    try (var alive = take(QUICK)) {
      change(1, "machine", "another");
      assertThatThrownBy(
              () -> take(new Timing(QUICK.beat(), Duration.ofMinutes(2), QUICK.settle())))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another run writes here");
      alive.requireHeld();
    }
  }

  @Test
  void aLockOfAHalfWrittenFileIsOutbidAfterTheExpiry() throws IOException {
    Files.writeString(lock(7), "{\"format\": \"bitq");
    take(QUICK).close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void onAnObjectStoreTheLastOfThoseAtOnceHasIt() throws IOException {
    objectStore();
    try (var first = take(SILENT)) {
      assertThatThrownBy(() -> take(QUICK)).hasMessageContaining("another run writes here");
      first.requireHeld();
      // A writer that saw no file a moment ago puts its own over it.
      change(1, "run", "another");
      assertThatThrownBy(first::requireHeld).hasMessageContaining("took over");
    }
    assertThat(lock(1)).exists(); // another's
  }

  @Test
  void onAnObjectStoreSignsOfLifeAreWrittenAnew() throws IOException {
    objectStore();
    try (var alive = take(QUICK)) {
      change(1, "machine", "another");
      assertThatThrownBy(
              () -> take(new Timing(QUICK.beat(), Duration.ofMinutes(2), QUICK.settle())))
          .hasMessageContaining("another run writes here");
      alive.requireHeld();
    }
  }
}
