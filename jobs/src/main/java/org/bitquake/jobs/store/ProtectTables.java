package org.bitquake.jobs.store;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Schemas of the tables of searches for a protection. */
public final class ProtectTables {
  /** A row for each design that a step of a search measured. */
  public static final StructType STEPS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("step", DataTypes.IntegerType, "number of the step in the network's search")
          .required(
              "phase",
              DataTypes.StringType,
              "encodings, harm, uniform, front, trim, refine or confirm: what the step is for")
          .required("design", DataTypes.StringType, "name of the design; none has no protection")
          .required("kind", DataTypes.StringType, "what the table trials calls it")
          .required("encoding", DataTypes.StringType, "how weight codes are stored in cells")
          .required(
              "protection",
              DataTypes.StringType,
              "techniques, the layers that they protect, and their bits unless it is all")
          .optional(
              "check_cells",
              DataTypes.LongType,
              "memory cells that it adds; null: a diagnosis, not to be had")
          .optional(
              "hardened_cells",
              DataTypes.LongType,
              "cells of weights that do not fail; null: a diagnosis, not to be had")
          .optional(
              "added_cells",
              DataTypes.DoubleType,
              "check cells, as a share of the data cells; null: a diagnosis, not to be had")
          .optional(
              "added_area",
              DataTypes.DoubleType,
              "area that it adds, as a share of the data cells'; null: a diagnosis, not to be had")
          .required("trials", DataTypes.LongType, "trials that it has had by then, failed ones too")
          .required("failed", DataTypes.LongType, "of these, trials that failed and are left out")
          .optional("accuracy", DataTypes.DoubleType, "estimated mean accuracy, 0…1")
          .optional("half_width", DataTypes.DoubleType, "half its confidence interval, 0…1")
          .required("target", DataTypes.DoubleType, "accuracy that is to be kept, 0…1")
          .required("best", DataTypes.BooleanType, "true: the cheapest that passes after the step")
          .type();

  /** A row for each design that nothing beats in area and accuracy, and for each finalist. */
  public static final StructType FRONTIER =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("design", DataTypes.StringType, "name of the design; none has no protection")
          .required("kind", DataTypes.StringType, "what the table trials calls it")
          .required("encoding", DataTypes.StringType, "how weight codes are stored in cells")
          .required(
              "protection",
              DataTypes.StringType,
              "techniques, the layers that they protect, and their bits unless it is all")
          .required("data_cells", DataTypes.LongType, "memory cells of the weights")
          .required("check_cells", DataTypes.LongType, "memory cells that it adds")
          .required("hardened_cells", DataTypes.LongType, "cells of weights that do not fail")
          .required(
              "added_cells", DataTypes.DoubleType, "check cells, as a share of the data cells")
          .required(
              "added_area",
              DataTypes.DoubleType,
              "area of check cells and of what hardened ones are larger, as a share of the data"
                  + " cells'")
          .required("clean_accuracy", DataTypes.DoubleType, "accuracy without faults, 0…1")
          .required("target", DataTypes.DoubleType, "accuracy that is to be kept, 0…1")
          .required("trials", DataTypes.LongType, "trials of the search")
          .optional("accuracy", DataTypes.DoubleType, "mean accuracy in the search, 0…1")
          .optional("half_width", DataTypes.DoubleType, "half its confidence interval, 0…1")
          .required("undominated", DataTypes.BooleanType, "true: nothing cheaper is as accurate")
          .required("finalist", DataTypes.BooleanType, "true: it had fresh trials, or needs none")
          .optional("fresh_trials", DataTypes.LongType, "fresh trials; null: no finalist")
          .optional(
              "fresh_accuracy", DataTypes.DoubleType, "mean accuracy in them; null: no finalist")
          .optional(
              "bound",
              DataTypes.DoubleType,
              "accuracy is at least this, in all networks' finalists at once with the confidence;"
                  + " null: no finalist, or too few trials")
          .required("confidence", DataTypes.DoubleType, "level of intervals and bounds, 0…1")
          .required("winner", DataTypes.BooleanType, "true: the cheapest that is confirmed")
          .type();

  private ProtectTables() {}
}
