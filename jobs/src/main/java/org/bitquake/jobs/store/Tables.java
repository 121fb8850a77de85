package org.bitquake.jobs.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bitquake.Sha256;

/**
 * All tables by name, and the schemas of those of campaigns, with what each column means and its
 * unit as the column's comment.
 *
 * <p>Accuracies are fractions 0 … 1.
 */
public final class Tables {
  /** A row for each trial of each network × fault kind × rate. */
  public static final StructType TRIALS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
          .required(
              "rate", DataTypes.DoubleType, "probability of each memory cell to be faulty, 0…1")
          .required("trial", DataTypes.LongType, "trial number; fixes faults and images")
          .required("seed", DataTypes.LongType, "seed of the campaign")
          .required("encoding", DataTypes.StringType, "how weight codes are stored in cells")
          .required("images", DataTypes.IntegerType, "images looked at in this trial")
          .optional("correct", DataTypes.IntegerType, "images classified correctly; null: failed")
          .required("golden_correct", DataTypes.IntegerType, "the same without faults")
          .optional(
              "changed", DataTypes.IntegerType, "images right in one of both only; null: failed")
          .required("faulty_cells", DataTypes.LongType, "faulty memory cells")
          .required("changed_weights", DataTypes.LongType, "weights that read as another value")
          .required("network_hash", DataTypes.StringType, "content hash of the network, hex")
          .optional(
              "layers", DataTypes.StringType, "positions of the weight layers in scope; null: all")
          .optional("bits", DataTypes.StringType, "bit positions in scope; null: all")
          .required("dataset", DataTypes.StringType, "data set and split")
          .optional("error", DataTypes.StringType, "why the trial failed; null: it did not")
          .type();

  /** How the column is called that says all of a fault model. */
  public static final String MODEL = "model";

  /** {@link #TRIALS} where a fault model has more to it than its name. */
  public static final StructType TRIALS_OF_MODELS =
      new Schema(TRIALS)
          .optional(
              MODEL,
              DataTypes.StringType,
              "pattern, effect and memory of the faults, JSON; null: kind says it all")
          .type();

  /** A row for each network × fault kind × rate. */
  public static final StructType CELLS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
          .required(
              "rate", DataTypes.DoubleType, "probability of each memory cell to be faulty, 0…1")
          .required("trials", DataTypes.LongType, "trials that the estimate rests on")
          .required("failed", DataTypes.LongType, "trials that failed and are left out")
          .required(
              "images",
              DataTypes.IntegerType,
              "images looked at in each trial, the first ones aside")
          .required("clean_accuracy", DataTypes.DoubleType, "accuracy without faults, 0…1")
          .optional("accuracy", DataTypes.DoubleType, "estimated mean accuracy, 0…1")
          .optional("half_width", DataTypes.DoubleType, "half the confidence interval, 0…1")
          .required("confidence", DataTypes.DoubleType, "level of the confidence interval, 0…1")
          .optional("sd", DataTypes.DoubleType, "standard deviation of a trial's accuracy, 0…1")
          .optional("min_accuracy", DataTypes.DoubleType, "lowest accuracy of a trial, 0…1")
          .optional("max_accuracy", DataTypes.DoubleType, "highest accuracy of a trial, 0…1")
          .optional("mean_faulty_cells", DataTypes.DoubleType, "mean of faulty cells per trial")
          .optional("map_sd", DataTypes.DoubleType, "estimated sd of accuracy over fault maps, 0…1")
          .optional(
              "image_variance", DataTypes.DoubleType, "estimated variance of an image's change")
          .optional(
              "target_half_width",
              DataTypes.DoubleType,
              "half_width at which trials stop, 0…1; null: fixed")
          .required("exact", DataTypes.BooleanType, "true: known without sampling error")
          .type();

  /** {@link #CELLS} where rates are those of a memory at some voltages. */
  public static final StructType CELLS_OF_VOLTAGES =
      new Schema(CELLS)
          .required("voltage", DataTypes.DoubleType, "supply voltage, in the unit of the curve")
          .optional(
              "energy", DataTypes.DoubleType, "energy of an access, relative; null: not known")
          .type();

  /** A row for each quantile of each network × fault kind × rate, where trials see all images. */
  public static final StructType QUANTILES =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
          .required(
              "rate", DataTypes.DoubleType, "probability of each memory cell to be faulty, 0…1")
          .required("quantile", DataTypes.DoubleType, "fraction of fault maps, 0…1")
          .required("accuracy", DataTypes.DoubleType, "not exceeded by that fraction, 0…1")
          .optional("low", DataTypes.DoubleType, "lower end of its interval; null: too few trials")
          .optional("high", DataTypes.DoubleType, "upper end of its interval; null: too few trials")
          .required("confidence", DataTypes.DoubleType, "level of the confidence interval, 0…1")
          .required("trials", DataTypes.LongType, "fault maps that the estimate rests on")
          .type();

  /** A row for each two cells that differ in their network, kind or rate alone: a minus b. */
  public static final StructType PAIRS =
      new Schema()
          .required("differs_in", DataTypes.StringType, "network, kind or rate")
          .required("network_a", DataTypes.StringType, "network of the first cell")
          .required("network_b", DataTypes.StringType, "network of the second cell")
          .required("kind_a", DataTypes.StringType, "fault kind of the first cell")
          .required("kind_b", DataTypes.StringType, "fault kind of the second cell")
          .required("rate_a", DataTypes.DoubleType, "fault rate of the first cell, 0…1")
          .required("rate_b", DataTypes.DoubleType, "fault rate of the second cell, 0…1")
          .required("trials", DataTypes.LongType, "trial numbers that both have results of")
          .required("clean_difference", DataTypes.DoubleType, "difference without faults, -1…1")
          .optional("difference", DataTypes.DoubleType, "estimated difference of accuracy, -1…1")
          .optional("half_width", DataTypes.DoubleType, "half its confidence interval, 0…1")
          .required("confidence", DataTypes.DoubleType, "level of the confidence interval, 0…1")
          .required("exact", DataTypes.BooleanType, "true: known without sampling error")
          .type();

  /** A row for each network. */
  public static final StructType NETWORKS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("content_hash", DataTypes.StringType, "SHA-256 of the network file, hex")
          .required("file", DataTypes.StringType, "where it was read")
          .required("input_shape", DataTypes.StringType, "channels×height×width of an image")
          .required("weights", DataTypes.LongType, "number of weights")
          .required("macs", DataTypes.LongType, "multiply-accumulates for one image")
          .required("weight_bits", DataTypes.IntegerType, "memory cells of a weight, at most")
          .required("encoding", DataTypes.StringType, "how weight codes are stored in cells")
          .required("images", DataTypes.IntegerType, "images behind clean_accuracy")
          .required("clean_accuracy", DataTypes.DoubleType, "accuracy without faults, 0…1")
          .required("provenance", DataTypes.StringType, "how the network came to be, JSON")
          .required("dataset", DataTypes.StringType, "data set and split")
          .required("dataset_sha256", DataTypes.StringType, "SHA-256 of shape, pixels, labels; hex")
          .type();

  /** A row for each network × protected kind of a campaign that has protections. */
  public static final StructType PROTECTIONS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "faults and protection, as in other tables")
          .required("faults", DataTypes.StringType, "name of the fault model alone")
          .required("protection", DataTypes.StringType, "name of the protection alone, or none")
          .required("data_cells", DataTypes.LongType, "memory cells of the weights")
          .required("check_cells", DataTypes.LongType, "memory cells that the protection adds")
          .required("hardened_cells", DataTypes.LongType, "cells of weights that do not fail")
          .required(
              "added_cells", DataTypes.DoubleType, "check cells, as a share of the data cells")
          .required(
              "added_area",
              DataTypes.DoubleType,
              "area of check cells and of what hardened ones are larger, as a share of the data"
                  + " cells'")
          .type();

  /**
   * A row for each weight layer × unprotected kind of independent cells × rate of a campaign that
   * has encodings.
   */
  public static final StructType ENCODINGS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("layer", DataTypes.StringType, "name of the weight layer")
          .required("kind", DataTypes.StringType, "faults and encoding, as in other tables")
          .required("faults", DataTypes.StringType, "name of the fault model alone")
          .required("encoding", DataTypes.StringType, "how weight codes are stored in cells")
          .required("rate", DataTypes.DoubleType, "probability of each cell to be faulty, 0…1")
          .optional(
              "shift",
              DataTypes.DoubleType,
              "expected mean change of a weight, in units of the layer's root mean square weight;"
                  + " null: all are 0")
          .optional(
              "noise",
              DataTypes.DoubleType,
              "expected mean squared change of a weight over the mean squared weight; null: all"
                  + " are 0")
          .type();

  /** A row for each layer of each network of a campaign that has weights and an activation. */
  public static final StructType ACTIVATIONS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("layer", DataTypes.StringType, "name of the layer that they come out of")
          .required("position", DataTypes.IntegerType, "of the layer among those with activations")
          .required("images", DataTypes.IntegerType, "images looked at, the first of the data set")
          .required(
              "activations", DataTypes.LongType, "values after ReLU, before pooling, all images")
          .required("zero_activations", DataTypes.LongType, "those that are 0, without faults")
          .required("network_hash", DataTypes.StringType, "content hash of the network, hex")
          .required("dataset", DataTypes.StringType, "data set and split")
          .type();

  private static final Map<String, StructType> ALL = all();

  /** Tables that have more columns where there is something to say in them. */
  private static final Map<String, StructType> WIDER =
      Map.of(
          "trials",
          TRIALS_OF_MODELS,
          "cells",
          CELLS_OF_VOLTAGES,
          "single_faults",
          SingleFaultTables.FAULTS_OF_EVENTS);

  private Tables() {}

  /**
   * The columns that a table always has, empty if there is no such table; {@link TopFive} has those
   * that two of them have beside these where there are many classes.
   */
  public static Optional<StructType> schema(String table) {
    return Optional.ofNullable(ALL.get(table));
  }

  /** The columns of a table that has this fingerprint; empty if the table has no such form. */
  static Optional<StructType> form(String table, String fingerprint) {
    return forms(table).filter(form -> fingerprint(form).equals(fingerprint)).findFirst();
  }

  private static Stream<StructType> forms(String table) {
    return Stream.of(ALL, WIDER)
        .flatMap(schemas -> Optional.ofNullable(schemas.get(table)).stream())
        .flatMap(
            base ->
                TopFive.isOf(table) ? Stream.of(base, TopFive.with(table, base)) : Stream.of(base));
  }

  /**
   * All columns that a table can have but for those of {@link TopFive}; empty if there is no such
   * table.
   */
  public static Optional<StructType> widest(String table) {
    return Optional.ofNullable(WIDER.get(table)).or(() -> schema(table));
  }

  /** All tables by name, with the columns that they always have. */
  public static Map<String, StructType> schemas() {
    return ALL;
  }

  /** SHA-256 of names, types and order of the columns, hex; comments do not matter. */
  static String fingerprint(StructType schema) {
    String text =
        Arrays.stream(schema.fields())
            .map(f -> f.name() + " " + f.dataType().catalogString())
            .collect(Collectors.joining("\n"));
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, StructType> all() {
    Map<String, StructType> all = new LinkedHashMap<>();
    all.put("trials", TRIALS);
    all.put("cells", CELLS);
    all.put("pairs", PAIRS);
    all.put("quantiles", QUANTILES);
    all.put("cnvlutin_layers", CnvlutinTables.LAYERS);
    all.put("cnvlutin_slices", CnvlutinTables.SLICES);
    all.put("encodings", ENCODINGS);
    all.put("protections", PROTECTIONS);
    all.put("protection_steps", ProtectTables.STEPS);
    all.put("protection_frontier", ProtectTables.FRONTIER);
    all.put("networks", NETWORKS);
    all.put("activations", ACTIVATIONS);
    all.put("landscape", LandscapeTables.LANDSCAPE);
    all.put("sharpness", LandscapeTables.SHARPNESS);
    all.put("single_faults", SingleFaultTables.FAULTS);
    all.put("single_fault_rates", SingleFaultTables.RATES);
    return Collections.unmodifiableMap(all);
  }
}
