package org.bitquake.jobs.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.engine.Engines;
import org.bitquake.jobs.PutStore;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.store.StopFile;
import org.bitquake.jobs.store.StoppedException;
import org.bitquake.jobs.store.TableStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is kept from its end leaves a directory in which the same command goes on. */
class StoppedRunTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Configuration HADOOP = new Configuration();
  private static final String CONFIG = DamageTest.CONFIG;

  @TempDir static Path temp;
  private static SmallWorld world;
  private static List<Row> expected;

  @BeforeAll
  static void runOnce() throws IOException {
    world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    Path undisturbed = temp.resolve("undisturbed");
    world.run(CONFIG, undisturbed, Engines::prepare);
    expected = DamageTest.rows(undisturbed);
  }

  @Test
  void theSameCampaignTwiceAtOnceIsRefusedAndTheFirstOneGoesOn() {
    Path output = temp.resolve("twice");
    var refusal = new AtomicReference<Throwable>();
    onFirstEngine(
        () -> {
          try {
            world.run(CONFIG, output, Engines::prepare);
          } catch (InputException e) {
            refusal.set(e);
          }
        },
        engines -> world.run(CONFIG, output, engines));
    assertThat(refusal.get()).hasMessageContaining("another run writes here (process");
    assertThat(DamageTest.rows(output)).isEqualTo(expected);
    assertThat(output.toFile().list()).noneMatch(name -> name.startsWith("_lock-"));
  }

  @Test
  void aStopFileEndsARunAfterItsWaveAndTheSameCommandGoesOn() {
    Path output = temp.resolve("stopped");
    assertThatThrownBy(() -> StopFile.ask(output.toString(), HADOOP))
        .hasMessageContaining("no run writes here");
    assertThatThrownBy(
            () ->
                onFirstEngine(
                    () -> StopFile.ask(output.toString(), HADOOP),
                    engines -> world.run(CONFIG, output, engines)))
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("run the same command again to go on");
    assertThat(output.resolve("_stop")).doesNotExist();
    world.run(CONFIG, output, Engines::prepare);
    assertThat(DamageTest.rows(output)).isEqualTo(expected);
  }

  @Test
  void ctrlCEndsARunAfterItsWaveAndTheSameCommandGoesOn() throws IOException {
    Assumptions.assumeFalse(
        ignoresInterrupts(), "SIGINT is ignored, as by what a script starts in the background");
    Path output = temp.resolve("interrupted");
    assertThatThrownBy(
            () ->
                onFirstEngine(
                    StoppedRunTest::interruptThisProcess,
                    engines -> world.run(CONFIG, output, engines)))
        .isInstanceOf(StoppedException.class)
        .hasMessage(
            "stopped as Ctrl-C asked; what is committed is kept, run the same command again to go on");
    world.run(CONFIG, output, Engines::prepare);
    assertThat(DamageTest.rows(output)).isEqualTo(expected);
  }

  @Test
  void aDiskThatFillsUpInAWaveEndsTheRunInOneLine() {
    SPARK.sparkContext().hadoopConfiguration().set("fs.s3a.impl", PutStore.class.getName());
    Path folder = temp.resolve("filling");
    String store = "s3a://bucket" + folder;
    try {
      assertThatThrownBy(
              () ->
                  onFirstEngine(
                      () -> PutStore.setFull(true), engines -> world.run(CONFIG, store, engines)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot be written: No space left on device; make room")
          .hasMessageNotContaining("\n");
    } finally {
      PutStore.setFull(false);
    }
    assertThat(new TableStore(folder.toString(), HADOOP).parts("trials")).isEmpty();
    world.run(CONFIG, store, Engines::prepare);
    assertThat(DamageTest.rows(folder)).isEqualTo(expected);
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) & 1L << 1) != 0; // bit 1 is signal 2
  }

  /** Returns when the signal has been answered. */
  private static void interruptThisProcess() {
    var err = System.err;
    var said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
      while (!said.toString(StandardCharsets.UTF_8).contains("as Ctrl-C asked")) {
        Thread.sleep(5);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      System.setErr(err);
    }
  }

  private interface Job {
    void run(EngineSource engines);
  }

  private static final AtomicBoolean HAPPENED = new AtomicBoolean();
  private static final AtomicReference<Runnable> EVENT = new AtomicReference<>();

  /** Lets something happen while a job is at its golden run. */
  private static void onFirstEngine(Runnable event, Job job) {
    HAPPENED.set(false);
    EVENT.set(event);
    job.run(
        network -> {
          if (HAPPENED.compareAndSet(false, true)) {
            EVENT.get().run();
          }
          return Engines.prepare(network);
        });
  }
}
