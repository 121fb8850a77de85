package org.bitquake.cnvlutin;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Window;

/**
 * Walks both machines window by window and cycle by cycle, and counts what they do. Slow, and by
 * that simple: this is the definition.
 *
 * <p>The baseline takes one activation for each lane at a time and spends a cycle on each filter
 * pass. Each lane of Cnvlutin has a queue of encoded bricks: every value takes a cycle for each
 * filter pass, a brick without values one cycle; lanes that are done wait for the slowest at the
 * end of the window. The groups of a grouped convolution come one after the other.
 */
public final class LiteralSimulator implements LayerSimulator {
  private final Accelerator accelerator;
  private final Shape input;
  private final Geometry geometry;
  private final boolean encoded;
  private final int channels;
  private final int filters;
  private int[] codes = {};

  /** See {@link LayerSimulator.Maker}. */
  public LiteralSimulator(
      Accelerator accelerator, Shape input, Geometry geometry, boolean encoded) {
    this.accelerator = accelerator;
    this.input = input;
    this.geometry = geometry;
    this.encoded = encoded;
    this.channels = input.channels() / geometry.groups();
    this.filters = geometry.outChannels() / geometry.groups();
  }

  /** What one machine has done so far. */
  private static final class Tally {
    long cycles;
    long laneCycles;
    long macs;
    long effectualMacs;
    long activationReads;
    long weightReads;
    long outputWrites;

    Accesses accesses() {
      return new Accesses(activationReads, weightReads, outputWrites);
    }
  }

  @Override
  public LayerCounts run(int[] image) {
    codes = image;
    var baseline = new Tally();
    var cnvlutin = new Tally();
    Window padded = geometry.window();
    int stride = WindowGrid.stride(padded);
    int across = input.width() + padded.left() + padded.right() - geometry.kernelWidth();
    int down = input.height() + padded.top() + padded.bottom() - geometry.kernelHeight();
    for (int top = 0; top <= down; top += stride) {
      for (int left = 0; left <= across; left += stride) {
        for (int group = 0; group < geometry.groups(); group++) {
          baselineWindow(group, top - padded.top(), left - padded.left(), baseline);
          if (encoded) {
            window(lanes(group, top - padded.top(), left - padded.left()), cnvlutin);
          }
        }
        baseline.outputWrites += writes(accelerator.lanes());
        cnvlutin.outputWrites += writes(accelerator.brick());
      }
    }
    if (!encoded) {
      cnvlutin.cycles = baseline.cycles;
      cnvlutin.laneCycles = baseline.laneCycles;
      cnvlutin.activationReads = baseline.activationReads;
      cnvlutin.weightReads = baseline.weightReads;
    }
    int zeros = 0;
    for (int code : codes) {
      zeros += code == 0 ? 1 : 0;
    }
    return new LayerCounts(
        baseline.cycles + accelerator.pipelineLatency(),
        cnvlutin.cycles + accelerator.pipelineLatency(),
        cnvlutin.cycles,
        cnvlutin.laneCycles,
        codes.length,
        zeros,
        baseline.macs,
        baseline.effectualMacs,
        baseline.accesses(),
        cnvlutin.accesses());
  }

  private int writes(int width) {
    int writes = 0;
    for (int filter = 0; filter < geometry.outChannels(); filter += width) {
      writes++;
    }
    return writes;
  }

  /** The code of a channel of a group, 0 for channels and positions that are padding. */
  private int code(int group, int channel, int y, int x) {
    boolean inside = y >= 0 && y < input.height() && x >= 0 && x < input.width();
    if (!inside || channel >= channels) {
      return 0;
    }
    return codes[((group * channels + channel) * input.height() + y) * input.width() + x];
  }

  private void baselineWindow(int group, int top, int left, Tally tally) {
    int rows = accelerator.paddedChannels(channels) / accelerator.lanes();
    for (int x = left; x < left + geometry.kernelWidth(); x++) {
      for (int y = top; y < top + geometry.kernelHeight(); y++) {
        for (int row = 0; row < rows; row++) {
          tally.activationReads++;
          for (int pass = 0; pass < accelerator.passes(filters); pass++) {
            tally.cycles++;
            for (int lane = 0; lane < accelerator.lanes(); lane++) {
              int channel = row * accelerator.lanes() + lane;
              tally.laneCycles++;
              tally.weightReads += activeUnits(pass);
              tally.macs += channel < channels ? filtersOf(pass) : 0;
              tally.effectualMacs += code(group, channel, y, x) != 0 ? filtersOf(pass) : 0;
            }
          }
        }
      }
    }
  }

  private int filtersOf(int pass) {
    int atOnce = accelerator.units() * accelerator.filtersPerUnit();
    return Math.min(atOnce, filters - pass * atOnce);
  }

  private int activeUnits(int pass) {
    int units = 0;
    for (int filter = 0; filter < filtersOf(pass); filter += accelerator.filtersPerUnit()) {
      units++;
    }
    return units;
  }

  /** A lane at work: which brick, which pair of it, which filter pass. */
  private final class Lane {
    private final List<ZeroFreeArray> queue;
    private int array;
    private int brick;
    private int pair;
    private int pass;

    Lane(List<ZeroFreeArray> queue) {
      this.queue = queue;
    }

    boolean isDone() {
      return array == queue.size();
    }

    /** One cycle. */
    void step(Tally tally) {
      var now = queue.get(array);
      if (pair == 0 && pass == 0) {
        tally.activationReads++;
      }
      tally.laneCycles++;
      if (now.pairs(brick) > 0) {
        tally.weightReads += activeUnits(pass);
        pass++;
        if (pass < accelerator.passes(filters)) {
          return;
        }
        pass = 0;
        pair++;
      }
      if (pair == now.pairs(brick)) {
        pair = 0;
        brick++;
        if (brick == now.bricks()) {
          brick = 0;
          array++;
        }
      }
    }
  }

  private static void window(List<? extends Lane> lanes, Tally tally) {
    boolean working = true;
    while (working) {
      working = false;
      for (Lane lane : lanes) {
        if (!lane.isDone()) {
          lane.step(tally);
          working = true;
        }
      }
      tally.cycles += working ? 1 : 0;
    }
  }

  private List<Lane> lanes(int group, int top, int left) {
    List<Lane> lanes = new ArrayList<>();
    for (int lane = 0; lane < accelerator.lanes(); lane++) {
      lanes.add(
          new Lane(
              accelerator.assignment() == LaneAssignment.CONTIGUOUS
                  ? List.of(contiguous(group, top, left, lane))
                  : interleaved(group, top, left, lane)));
    }
    return lanes;
  }

  private ZeroFreeArray contiguous(int group, int top, int left, int lane) {
    int block = accelerator.paddedChannels(channels) / accelerator.lanes();
    int[] sequence = new int[geometry.kernelWidth() * geometry.kernelHeight() * block];
    int i = 0;
    for (int x = left; x < left + geometry.kernelWidth(); x++) {
      for (int y = top; y < top + geometry.kernelHeight(); y++) {
        for (int channel = lane * block; channel < (lane + 1) * block; channel++) {
          sequence[i++] = code(group, channel, y, x);
        }
      }
    }
    return ZeroFreeArray.encode(sequence, accelerator.brick());
  }

  private List<ZeroFreeArray> interleaved(int group, int top, int left, int lane) {
    int padded = accelerator.paddedChannels(channels);
    int brick = accelerator.brick();
    List<ZeroFreeArray> queue = new ArrayList<>();
    for (int x = left; x < left + geometry.kernelWidth(); x++) {
      for (int y = top; y < top + geometry.kernelHeight(); y++) {
        for (int from = lane * brick; from < padded; from += accelerator.lanes() * brick) {
          int[] values = new int[Math.min(brick, padded - from)];
          for (int i = 0; i < values.length; i++) {
            values[i] = code(group, from + i, y, x);
          }
          queue.add(ZeroFreeArray.encode(values, brick));
        }
      }
    }
    return queue;
  }
}
