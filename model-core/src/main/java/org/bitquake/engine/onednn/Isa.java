package org.bitquake.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2_vnni;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_vnni;

import org.bytedeco.dnnl.global.dnnl;

/**
 * What the instructions that oneDNN uses in this process mean for exactness and speed. The
 * environment variable {@code DNNL_MAX_CPU_ISA} limits them.
 *
 * @param avx512 512-bit vectors
 * @param vnni whether 8-bit products are summed in 32 bits at once; without, two neighbours meet in
 *     16 bits that saturate
 * @param fma whether a residual is added with one rounding
 */
record Isa(boolean avx512, boolean vnni, boolean fma) {
  /** What estimates assume before the libraries are loaded. */
  static final Isa FASTEST = new Isa(true, true, true);

  static Isa ofThisProcess() {
    int isa = dnnl.dnnl_get_effective_cpu_isa();
    return new Isa(
        has(isa, dnnl_cpu_isa_avx512_core),
        has(isa, dnnl_cpu_isa_avx512_core_vnni) || has(isa, dnnl_cpu_isa_avx2_vnni),
        has(isa, dnnl_cpu_isa_avx2));
  }

  private static boolean has(int isa, int bits) {
    return (isa & bits) == bits;
  }

  /** Whether sums of weights of so many bits times inputs up to {@code maxInput} are exact. */
  boolean sumsExactly(int weightBits, int maxInput) {
    long pair = ((long) maxInput << (weightBits - 1)) * 2;
    return vnni || pair <= Short.MAX_VALUE;
  }

  /** Whether fast kernels of bytes know zero points of what they read. */
  boolean subtractsZeroPoints() {
    return avx512 && vnni;
  }

  /**
   * Whether residuals up to {@code maxCode} times this ratio are added with one rounding. Grouped
   * convolutions may be computed by oneDNN's plain code, which rounds products, too: exact products
   * alone do there.
   */
  boolean addsWithOneRounding(float ratio, int maxCode, int groups) {
    if (fma && groups == 1) {
      return true;
    }
    for (int code = 1; code <= maxCode; code++) {
      if (ratio * code != (double) ratio * code) {
        return false;
      }
    }
    return true;
  }

  /** Of a wide convolution, on one core; measured on one processor under each limit. */
  double nanosPerMac() {
    if (avx512) {
      return vnni ? 0.0022 : 0.0041;
    }
    if (vnni) {
      return 0.0053;
    }
    return fma ? 0.0088 : 0.017;
  }

  /** The same of floats. */
  double nanosPerFloatMac() {
    return avx512 ? 0.017 : 0.035;
  }
}
