package org.bitquake.jobs.store;

import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Top-5 accuracy: of networks with more than 20 classes the tables of a campaign say, beside which
 * images are classified correctly, of how many the label is among the five classes with the largest
 * logits. With fewer classes that would say little, and the tables have no such columns.
 */
public final class TopFive {
  private static final String PREFIX = "top5_";
  private static final int FEW_CLASSES = 20;

  private TopFive() {}

  /** Whether campaigns on networks of so many classes tell it. */
  public static boolean applies(int classes) {
    return classes > FEW_CLASSES;
  }

  /** Whether a table may tell it. */
  static boolean isOf(String table) {
    return table.equals("trials") || table.equals("cells");
  }

  /**
   * A form of {@code trials} or {@code cells} with top-5 accuracy.
   *
   * @param base the form without
   */
  public static StructType with(String table, StructType base) {
    return switch (table) {
      case "trials" -> trials(base);
      case "cells" -> cells(base);
      default -> throw new IllegalArgumentException(table + " has no top-5 accuracy");
    };
  }

  private static StructType trials(StructType base) {
    return new Schema(base)
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
  }

  private static StructType cells(StructType base) {
    return new Schema(base)
        .required("top5_clean_accuracy", DataTypes.DoubleType, "top-5 accuracy without faults, 0…1")
        .optional("top5_accuracy", DataTypes.DoubleType, "estimated mean top-5 accuracy, 0…1")
        .optional("top5_half_width", DataTypes.DoubleType, "half its confidence interval, 0…1")
        .type();
  }

  /** Whether such columns are among these. */
  public static boolean isIn(StructType schema) {
    return Stream.of(schema.fieldNames()).anyMatch(name -> name.startsWith(PREFIX));
  }
}
