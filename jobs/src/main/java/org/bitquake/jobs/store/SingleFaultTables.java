package org.bitquake.jobs.store;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Schemas of the tables of single-fault campaigns. */
public final class SingleFaultTables {
  /** A row for each single fault that was injected. */
  public static final StructType FAULTS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required(
              "kind",
              DataTypes.StringType,
              "fault kind: bit-flip, stuck-at-0, stuck-at-1; behind it what protects the memory")
          .required("fault", DataTypes.LongType, "number of the fault in its network's draw")
          .required("layer", DataTypes.StringType, "name of the weight layer")
          .required("filter", DataTypes.IntegerType, "output channel of the weight")
          .required("index", DataTypes.IntegerType, "position of the weight in its filter")
          .required("bit", DataTypes.IntegerType, "faulty memory cell, 0 the least significant")
          .required("before", DataTypes.IntegerType, "weight code without the fault")
          .required("after", DataTypes.IntegerType, "weight code with the fault")
          .optional(
              "outcome",
              DataTypes.StringType,
              "masked, changed-logits or changed-prediction; null: failed")
          .required("images", DataTypes.IntegerType, "images looked at, the same for all faults")
          .optional(
              "changed_logits", DataTypes.IntegerType, "images with another logit; null: failed")
          .optional(
              "changed_predictions",
              DataTypes.IntegerType,
              "images predicted as another class; null: failed")
          .optional(
              "lost", DataTypes.IntegerType, "images right without, wrong with it; null: failed")
          .optional("correct", DataTypes.IntegerType, "images classified correctly; null: failed")
          .required("golden_correct", DataTypes.IntegerType, "the same without the fault")
          .required("seed", DataTypes.LongType, "seed of the campaign")
          .required("encoding", DataTypes.StringType, "how weight codes are stored in cells")
          .required("network_hash", DataTypes.StringType, "content hash of the network, hex")
          .required("dataset", DataTypes.StringType, "data set and split")
          .optional("error", DataTypes.StringType, "why the run failed; null: it did not")
          .type();

  /** How the column is called that says what fails together. */
  public static final String EVENT = "event";

  /** {@link #FAULTS} of events of more than a cell, or with protections. */
  public static final StructType FAULTS_OF_EVENTS =
      new Schema(FAULTS)
          .required(
              EVENT,
              DataTypes.StringType,
              "what fails together, memory, scope and protection, JSON; layer to bit are of its first"
                  + " cell")
          .required("array", DataTypes.LongType, "array that it lies in")
          .required("row", DataTypes.IntegerType, "row of its first cell in the array")
          .required("column", DataTypes.IntegerType, "column of its first cell in the array")
          .required(
              "faulty_cells", DataTypes.IntegerType, "memory cells that fail, check cells too")
          .required("changed_weights", DataTypes.IntegerType, "weights that read as another value")
          .type();

  /** A row for each network × weight layer × bit, and for all layers, all bits, and both. */
  public static final StructType RATES =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required(
              "kind",
              DataTypes.StringType,
              "fault kind: bit-flip, stuck-at-0, stuck-at-1; behind it what protects the memory")
          .optional("layer", DataTypes.StringType, "name of the weight layer; null: all in scope")
          .optional("bit", DataTypes.IntegerType, "bit position, 0 the lowest; null: all in scope")
          .required("population", DataTypes.LongType, "memory cells, each a possible fault")
          .required("injected", DataTypes.LongType, "faults that the rates rest on")
          .required("failed", DataTypes.LongType, "faults that failed and are left out")
          .required("images", DataTypes.IntegerType, "images looked at with each fault")
          .rate("masked", "share of faults that change no logit")
          .rate("changed_logits", "share of faults that change logits but no prediction")
          .rate("changed_prediction", "share of faults that change a prediction")
          .rate("sdc1", "share of (fault, image) pairs whose prediction changes")
          .required("golden_accuracy", DataTypes.DoubleType, "accuracy without faults, 0…1")
          .rate("mean_drop", "mean over faults of the accuracy lost", "-1…1")
          .optional("worst_drop", DataTypes.DoubleType, "most accuracy lost by a fault, -1…1")
          .required("confidence", DataTypes.DoubleType, "level of the confidence intervals, 0…1")
          .required("exact", DataTypes.BooleanType, "true: every cell was tried")
          .type();

  private SingleFaultTables() {}
}
