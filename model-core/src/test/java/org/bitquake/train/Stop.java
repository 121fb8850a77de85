package org.bitquake.train;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.Text;

/** Stops a training at any point, as a kill would, and knows where it began. */
final class Stop implements TrainingListener {
  static final String MESSAGE = "stopped";

  private final List<EpochReport> reports = new ArrayList<>();
  private String began = "0 + 0";
  private int updates;
  private int left;

  /**
   * @param events updates and ends of epochs that are still told
   */
  Stop(int events) {
    left = events;
  }

  static Stop never() {
    return new Stop(Integer.MAX_VALUE);
  }

  /** Whole epochs and steps that an earlier run had done. */
  String began() {
    return began;
  }

  List<EpochReport> reports() {
    return reports;
  }

  int updates() {
    return updates;
  }

  @Override
  public void resumed(int epochs, int steps, int stepsPerEpoch) {
    began = Text.of("%d + %d", epochs, steps);
  }

  @Override
  public void epoch(EpochReport report) {
    reports.add(report);
    count();
  }

  @Override
  public void step(int epoch, int steps, int stepsPerEpoch) {
    updates++;
    count();
  }

  private void count() {
    left--;
    if (left == 0) {
      throw new IllegalStateException(MESSAGE);
    }
  }
}
