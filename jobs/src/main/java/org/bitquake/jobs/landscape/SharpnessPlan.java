package org.bitquake.jobs.landscape;

import java.io.Serializable;
import org.bitquake.jobs.config.LandscapeConfig.Sharpness;

/**
 * The measures of sharpness of one network as units of work: number 0 is the largest eigenvalue,
 * number 1 the ascent, each further one a probe of the trace.
 */
record SharpnessPlan(double rho, int steps, int probes, double tolerance, int iterations)
    implements Serializable {
  static final int EIGENVALUE = 0;
  static final int ASCENT = 1;
  static final int FIRST_PROBE = 2;

  static SharpnessPlan of(Sharpness sharpness) {
    var hessian = sharpness.hessian().orElseThrow();
    return new SharpnessPlan(
        sharpness.rho().orElseThrow(),
        sharpness.steps().orElseThrow(),
        hessian.probes().orElseThrow(),
        hessian.tolerance().orElseThrow(),
        hessian.iterations().orElseThrow());
  }

  int units() {
    return FIRST_PROBE + probes;
  }
}
