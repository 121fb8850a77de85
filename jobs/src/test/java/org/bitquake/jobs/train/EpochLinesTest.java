package org.bitquake.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bitquake.jobs.console.FakeScreen;
import org.bitquake.quant.Quantizer;
import org.bitquake.train.EpochReport;
import org.bitquake.train.TrainOptions;
import org.bitquake.train.TrainingListener;
import org.junit.jupiter.api.Test;

class EpochLinesTest {
  private static final int IMAGES = 1000;
  private static final int STEPS = 100;
  private static final String REST = "  loss 0.500  test accuracy 80.00 %  zero activations 25 %  ";

  private static TrainOptions options(String name, int epochs, double rho) {
    return new TrainOptions(
        name,
        TrainOptions.Model.lenet5(),
        1,
        epochs,
        rho > 0 ? 1 : 0,
        IMAGES / STEPS,
        false,
        0.1,
        0.1,
        false,
        0,
        0,
        0,
        rho,
        Quantizer.LSQ,
        4,
        4);
  }

  private static EpochLines lines(FakeScreen screen, TrainOptions... networks) {
    return new EpochLines(
        List.of(networks), IMAGES, screen.writer(), work -> screen.progress("training", work));
  }

  private static EpochReport report(int epoch, int epochs) {
    return new EpochReport(epoch, epochs, 0.5, 0.8, List.of(0.25));
  }

  private static void epoch(
      FakeScreen screen, TrainingListener listener, int epoch, int epochs, long millisPerStep) {
    for (int step = 1; step <= STEPS; step++) {
      screen.pass(millisPerStep);
      listener.step(epoch, step, STEPS);
    }
    listener.epoch(report(epoch, epochs));
  }

  @Test
  void aLogHearsOfStepsEveryTenSecondsAndOfEpochsWithTheTimeLeftForAllNetworks() {
    var screen = new FakeScreen(false);
    var a = options("a", 1, 0);
    var b = options("b", 1, 0);
    try (var lines = lines(screen, a, b)) {
      epoch(screen, lines.of(a), 1, 1, 1000);
      lines.say("a → a.qnn.npz");
      epoch(screen, lines.of(b), 1, 1, 1000);
    }
    var written = screen.written().lines().toList();
    assertThat(written.get(0))
        .isEqualTo("training:   5 %  a epoch 1/1 step 10/100  0:10 elapsed, 3:10 left");
    assertThat(written.get(4))
        .isEqualTo("training:  25 %  a epoch 1/1 step 50/100  0:50 elapsed, 2:30 left");
    assertThat(written.get(10)).isEqualTo("a  epoch  1/1" + REST + "2 min left");
    assertThat(written.get(11)).isEqualTo("a → a.qnn.npz");
    assertThat(written.get(12))
        .isEqualTo("training:  55 %  b epoch 1/1 step 10/100  1:50 elapsed, 1:30 left");
    assertThat(written).hasSize(23).endsWith("b  epoch  1/1" + REST + "0 s left");
  }

  @Test
  void shortEpochsLeaveALogToTheirOwnLines() {
    var screen = new FakeScreen(false);
    var a = options("a", 40, 0);
    try (var lines = lines(screen, a)) {
      var listener = lines.of(a);
      for (int epoch = 1; epoch <= 40; epoch++) {
        epoch(screen, listener, epoch, 40, 5);
      }
    }
    assertThat(screen.written().lines()).hasSize(40).allMatch(line -> line.startsWith("a  epoch "));
  }

  /** Two epochs of SAQ, the first of them float, are three passes. */
  @Test
  void stepsOfSaqCountTwice() {
    var screen = new FakeScreen(false);
    var saq = options("saq", 2, 0.5);
    try (var lines = lines(screen, saq)) {
      var listener = lines.of(saq);
      epoch(screen, listener, 1, 2, 1000);
      epoch(screen, listener, 2, 2, 2000);
    }
    assertThat(screen.written())
        .contains(
            "training:   3 %  saq epoch 1/2 step 10/100  0:10 elapsed, 4:50 left\n",
            "saq  epoch  1/2" + REST + "3 min left\n",
            "training:  66 %  saq epoch 2/2 step 50/100  3:20 elapsed, 1:40 left\n");
  }

  @Test
  void epochsOfAnEarlierRunAreNeitherDoneNorTiming() {
    var screen = new FakeScreen(false);
    var a = options("a", 4, 0);
    var b = options("b", 2, 0);
    try (var lines = lines(screen, a, b)) {
      var listener = lines.of(a);
      listener.resumed(2, 0, STEPS);
      epoch(screen, listener, 3, 4, 1000);
      epoch(screen, listener, 4, 4, 1000);
      listener = lines.of(b);
      listener.resumed(1, 0, STEPS);
      epoch(screen, listener, 2, 2, 1000);
    }
    assertThat(screen.written())
        .contains(
            "a  goes on after epoch 2\n",
            "training:   2 %  a epoch 3/4 step 10/100  0:10 elapsed, 6:30 left\n",
            "b  goes on after epoch 1\n",
            "training:  70 %  b epoch 2/2 step 10/100  3:30 elapsed, 1:30 left\n");
  }

  @Test
  void stepsOfAnEarlierRunAreNeitherDoneNorTiming() {
    var screen = new FakeScreen(false);
    var a = options("a", 2, 0);
    try (var lines = lines(screen, a)) {
      var listener = lines.of(a);
      listener.resumed(1, 40, STEPS);
      for (int step = 41; step <= STEPS; step++) {
        screen.pass(1000);
        listener.step(2, step, STEPS);
      }
    }
    assertThat(screen.written())
        .startsWith("a  goes on after step 40/100 of epoch 2\n")
        .contains("\ntraining:  10 %  a epoch 2/2 step 46/100  0:06 elapsed, 0:54 left\n");
  }

  @Test
  void onATerminalTheBarMakesWayForEveryOtherLine() {
    var screen = new FakeScreen(true);
    var a = options("a", 2, 0);
    try (var lines = lines(screen, a)) {
      var listener = lines.of(a);
      epoch(screen, listener, 1, 2, 150);
      epoch(screen, listener, 2, 2, 150);
      lines.say("a → a.qnn.npz");
    }
    assertThat(screen.seen())
        .containsExactly(
            "a  epoch  1/2" + REST + "15 s left",
            "a  epoch  2/2" + REST + "0 s left",
            "a → a.qnn.npz");
    assertThat(screen.written())
        .contains(
            "\rtraining [############------------]  50 %  a epoch 1/2 step 100/100  0:15 elapsed, 0:15 left")
        .contains("]  52 %  a epoch 2/2 step 5/100");
    assertThat(screen.written().chars().filter(c -> c == '\r').count()).isBetween(190L, 215L);
  }
}
