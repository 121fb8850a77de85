package org.bitquake.jobs.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.bitquake.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a running job readable from outside. In Spark's UI and event log its Spark jobs form a
 * group named after it, each described by its step, and the stages of its waves show how many rows
 * they made and how far the job is. The logger {@value #LOGGER} gets a line of JSON for every wave,
 * at level INFO.
 *
 * <p>For the threads that run the job; the one that closes it is named no more.
 */
public final class JobMonitor implements AutoCloseable {
  /** The logger of the lines. */
  public static final String LOGGER = "bitquake.waves";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NANOS = 1e9;

  private final SparkContext context;
  private final String job;
  private final String rowNoun;
  private final LongAccumulator rows;
  private final LongAccumulator failed;
  private final long started = System.nanoTime();
  private long committed;

  /**
   * @param job the command and the name of its work, such as {@code campaign lenet5}
   * @param rowNoun what a row is, in the plural
   */
  public JobMonitor(SparkContext context, String job, String rowNoun) {
    this.context = context;
    this.job = job;
    this.rowNoun = rowNoun;
    rows = context.longAccumulator(rowNoun);
    failed = context.longAccumulator("failed " + rowNoun);
  }

  /** Says that the next Spark jobs of this thread are one of so many waves; 0 is the first. */
  public void wave(int wave, int waves, long its) {
    step(Text.of("wave %d/%d: %,d %s", wave + 1, waves, its, rowNoun));
  }

  /** Names what the next Spark jobs of this thread do. */
  public void step(String description) {
    context.setJobGroup(job, description, false);
  }

  /** The same work, its rows counted while it is done. */
  public MapPartitionsFunction<Long, Row> counted(
      MapPartitionsFunction<Long, Row> task, StructType schema) {
    return counted(task, schema, Map.of());
  }

  /**
   * The same, and the stage shows how far the job was when the wave began.
   *
   * @param gauges by name, such as the widest half-width; none is below 0
   */
  public MapPartitionsFunction<Long, Row> counted(
      MapPartitionsFunction<Long, Row> task, StructType schema, Map<String, Double> gauges) {
    Map<Gauge, Double> registered = new LinkedHashMap<>();
    gauges.forEach(
        (name, value) -> {
          var gauge = new Gauge();
          context.register(gauge, name);
          registered.put(gauge, value);
        });
    return new CountedRows(task, rows, failed, errorColumn(schema), registered);
  }

  private static int errorColumn(StructType schema) {
    return schema.getFieldIndex("error").isDefined() ? schema.fieldIndex("error") : schema.size();
  }

  /**
   * Logs that a wave is committed.
   *
   * @param wave 0 for the first
   * @param its rows
   * @param gauges how far the job is now, by name
   */
  public synchronized void committed(int wave, long its, Map<String, Double> gauges) {
    committed += its;
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("event", "wave");
    facts.put("job", job);
    facts.put("wave", wave + 1);
    facts.put("rows", its);
    facts.put("rows_of", rowNoun);
    facts.put("rows_this_run", committed);
    facts.put("failed_this_run", failed.value());
    facts.put("seconds_this_run", (System.nanoTime() - started) / NANOS);
    new TreeMap<>(gauges).forEach((name, g) -> facts.put(name.replaceAll("[ -]", "_"), g));
    try {
      LOG.info(JSON.writeValueAsString(facts));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("facts that are no JSON: " + facts, e);
    }
  }

  /** What this thread runs from now on belongs to no job. */
  @Override
  public void close() {
    if (!context.isStopped()) { // it is where the driver is being killed
      context.clearJobGroup();
    }
  }
}
