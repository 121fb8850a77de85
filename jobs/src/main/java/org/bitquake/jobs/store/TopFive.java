package org.bitquake.jobs.store;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Top-5 accuracy: of networks with more than 20 classes the tables of a campaign say, beside which
 * images are classified correctly, of how many the label is among the five classes with the largest
 * logits. With fewer classes that would say little, and the tables have no such columns.
 */
public final class TopFive {
  /** {@link Tables#TRIALS} with top-5 accuracy. */
  public static final StructType TRIALS =
      new Schema(Tables.TRIALS)
          .optional(
              "top5_correct",
              DataTypes.IntegerType,
              "images whose label is among the five largest logits; null: failed")
          .required("top5_golden_correct", DataTypes.IntegerType, "the same without faults")
          .optional(
              "top5_changed",
              DataTypes.IntegerType,
              "images whose label is so in one of both only; null: failed")
          .type();

  /** {@link Tables#CELLS} with top-5 accuracy. */
  public static final StructType CELLS =
      new Schema(Tables.CELLS)
          .required(
              "top5_clean_accuracy", DataTypes.DoubleType, "top-5 accuracy without faults, 0…1")
          .optional("top5_accuracy", DataTypes.DoubleType, "estimated mean top-5 accuracy, 0…1")
          .optional("top5_half_width", DataTypes.DoubleType, "half its confidence interval, 0…1")
          .type();

  private static final String PREFIX = "top5_";
  private static final int FEW_CLASSES = 20;
  private static final Map<String, StructType> WIDE = Map.of("trials", TRIALS, "cells", CELLS);

  private TopFive() {}

  /** Whether campaigns on networks of so many classes tell it. */
  public static boolean applies(int classes) {
    return classes > FEW_CLASSES;
  }

  /** The columns of a table with top-5 accuracy; empty for a table that never has it. */
  public static Optional<StructType> schema(String table) {
    return Optional.ofNullable(WIDE.get(table));
  }

  /** Whether such columns are among these. */
  public static boolean isIn(StructType schema) {
    return Stream.of(schema.fieldNames()).anyMatch(name -> name.startsWith(PREFIX));
  }
}
