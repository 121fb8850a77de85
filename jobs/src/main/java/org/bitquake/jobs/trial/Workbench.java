package org.bitquake.jobs.trial;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engine;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/**
 * What one task works with: the images, and each network and its engine from the moment they are
 * asked for. Not thread-safe.
 */
public final class Workbench implements AutoCloseable {
  private final TrialPlan plan;
  private final byte[][] networkFiles;
  private final EngineSource source;
  private final Dataset images;
  private final QuantizedNetwork[] networks;
  private final Engine[] engines;

  /**
   * @param networkFiles bytes of the network files, in the order of the plan
   * @param pixelsAndLabels of the data set
   */
  public Workbench(
      TrialPlan plan, byte[][] networkFiles, byte[][] pixelsAndLabels, EngineSource source) {
    this.plan = plan;
    this.networkFiles = networkFiles;
    this.source = source;
    var form = plan.data();
    var shape = new Shape(form.channels(), form.height(), form.width());
    this.images =
        new Dataset(form.name(), shape, form.classes(), pixelsAndLabels[0], pixelsAndLabels[1]);
    this.networks = new QuantizedNetwork[networkFiles.length];
    this.engines = new Engine[networkFiles.length];
  }

  /** The bench for one network that is in memory already, the only one of the plan. */
  Workbench(TrialPlan plan, QuantizedNetwork network, Dataset images, EngineSource source) {
    this.plan = plan;
    this.networkFiles = new byte[1][];
    this.source = source;
    this.images = images;
    this.networks = new QuantizedNetwork[] {network};
    this.engines = new Engine[1];
  }

  TrialPlan plan() {
    return plan;
  }

  public Dataset images() {
    return images;
  }

  public QuantizedNetwork network(int index) {
    if (networks[index] == null) {
      try (var in = new ByteArrayInputStream(networkFiles[index])) {
        networks[index] = QnnFile.read(in, plan.names().get(index));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return networks[index];
  }

  /** The engine of a network; it holds the weight codes loaded last, at first its own. */
  public Engine engine(int index) {
    if (engines[index] == null) {
      engines[index] = source.prepare(network(index));
    }
    return engines[index];
  }

  /** Throws away an engine that failed: the next one is a new one. */
  public void discard(int index) {
    if (engines[index] != null) {
      Engine failed = engines[index];
      engines[index] = null;
      failed.close();
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < engines.length; i++) {
      discard(i);
    }
  }
}
