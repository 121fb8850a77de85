package org.bitquake.landscape;

import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the fastest {@link LaneKernels} that work in this process. */
final class Kernels {
  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  private Kernels() {}

  private static final class Fastest {
    static final LaneKernels KERNELS = find();

    private static LaneKernels find() {
      for (var kernels : ServiceLoader.load(LaneKernels.class, Kernels.class.getClassLoader())) {
        Optional<String> obstacle = kernels.unavailable();
        if (obstacle.isEmpty()) {
          return kernels;
        }
        LOG.info("{} kernels are not used: {}", kernels.name(), obstacle.get());
      }
      return new PlainKernels();
    }
  }

  static LaneKernels fastest() {
    return Fastest.KERNELS;
  }
}
