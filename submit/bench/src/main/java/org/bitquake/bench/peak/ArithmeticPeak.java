package org.bitquake.bench.peak;

import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How many multiply-adds a second this core does through the Vector API when nothing is read from
 * memory: the limit of a vector engine. Twelve independent chains {@code a ← a·x + y} hide the
 * latency of a multiplication and an addition, and with x and y fit the 16 registers of AVX2. Each
 * product depends on the last sum, so that the compiler cannot lift it out of the loop.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ArithmeticPeak {
  /** Iterations of the loop in an invocation. */
  private static final int STEPS = 10_000;

  /** Accumulators. */
  private static final int CHAINS = 12;

  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Not final: a constant the compiler knew could be folded. */
  public short factor = 3;

  /** Likewise. */
  public short summand = 5;

  /** Likewise; the chains stay finite. */
  public float half = 0.5f;

  /** CPU time of an iteration: on a busy machine the clock on the wall says less. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    /** CPU time of the iteration, in nanoseconds. */
    public long nanos;

    /** Multiply-adds in it. */
    public long macs;

    private long start;

    /** Starts the clock. */
    @Setup(Level.Iteration)
    public void start() {
      start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Stops it. */
    @TearDown(Level.Iteration)
    public void stop() {
      nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }
  }

  /** 16-bit lanes. */
  @Benchmark
  public short int16(Cpu cpu) {
    cpu.macs += (long) STEPS * CHAINS * SHORTS.length();
    var x = ShortVector.broadcast(SHORTS, factor);
    var y = ShortVector.broadcast(SHORTS, summand);
    var a = x;
    var b = a.add(y);
    var c = b.add(y);
    var d = c.add(y);
    var e = d.add(y);
    var f = e.add(y);
    var g = f.add(y);
    var h = g.add(y);
    var i = h.add(y);
    var j = i.add(y);
    var k = j.add(y);
    var l = k.add(y);
    for (int step = 0; step < STEPS; step++) {
      a = a.mul(x).add(y);
      b = b.mul(x).add(y);
      c = c.mul(x).add(y);
      d = d.mul(x).add(y);
      e = e.mul(x).add(y);
      f = f.mul(x).add(y);
      g = g.mul(x).add(y);
      h = h.mul(x).add(y);
      i = i.mul(x).add(y);
      j = j.mul(x).add(y);
      k = k.mul(x).add(y);
      l = l.mul(x).add(y);
    }
    a = a.lanewise(XOR, g);
    b = b.lanewise(XOR, h);
    c = c.lanewise(XOR, i);
    d = d.lanewise(XOR, j);
    e = e.lanewise(XOR, k);
    f = f.lanewise(XOR, l);
    return a.lanewise(XOR, b)
        .lanewise(XOR, c)
        .lanewise(XOR, d.lanewise(XOR, e).lanewise(XOR, f))
        .lane(0);
  }

  /** 32-bit lanes. */
  @Benchmark
  public int int32(Cpu cpu) {
    cpu.macs += (long) STEPS * CHAINS * INTS.length();
    var x = IntVector.broadcast(INTS, factor);
    var y = IntVector.broadcast(INTS, summand);
    var a = x;
    var b = a.add(y);
    var c = b.add(y);
    var d = c.add(y);
    var e = d.add(y);
    var f = e.add(y);
    var g = f.add(y);
    var h = g.add(y);
    var i = h.add(y);
    var j = i.add(y);
    var k = j.add(y);
    var l = k.add(y);
    for (int step = 0; step < STEPS; step++) {
      a = a.mul(x).add(y);
      b = b.mul(x).add(y);
      c = c.mul(x).add(y);
      d = d.mul(x).add(y);
      e = e.mul(x).add(y);
      f = f.mul(x).add(y);
      g = g.mul(x).add(y);
      h = h.mul(x).add(y);
      i = i.mul(x).add(y);
      j = j.mul(x).add(y);
      k = k.mul(x).add(y);
      l = l.mul(x).add(y);
    }
    a = a.lanewise(XOR, g);
    b = b.lanewise(XOR, h);
    c = c.lanewise(XOR, i);
    d = d.lanewise(XOR, j);
    e = e.lanewise(XOR, k);
    f = f.lanewise(XOR, l);
    return a.lanewise(XOR, b)
        .lanewise(XOR, c)
        .lanewise(XOR, d.lanewise(XOR, e).lanewise(XOR, f))
        .lane(0);
  }

  /** 32-bit floats, multiplied and added at once. */
  @Benchmark
  public float float32(Cpu cpu) {
    cpu.macs += (long) STEPS * CHAINS * FLOATS.length();
    var x = FloatVector.broadcast(FLOATS, half);
    var y = FloatVector.broadcast(FLOATS, summand);
    var a = x;
    var b = a.add(y);
    var c = b.add(y);
    var d = c.add(y);
    var e = d.add(y);
    var f = e.add(y);
    var g = f.add(y);
    var h = g.add(y);
    var i = h.add(y);
    var j = i.add(y);
    var k = j.add(y);
    var l = k.add(y);
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    a = a.add(g);
    b = b.add(h);
    c = c.add(i);
    d = d.add(j);
    e = e.add(k);
    f = f.add(l);
    return a.add(b).add(c).add(d.add(e).add(f)).lane(0);
  }
}
