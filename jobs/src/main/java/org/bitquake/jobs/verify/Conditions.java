package org.bitquake.jobs.verify;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;
import org.bitquake.jobs.store.TopFive;

/** What each row of a table and each group of rows must fulfil, as SQL. */
final class Conditions {
  private static final String RATE = "rate BETWEEN 0 AND 1";
  private static final String HASH = "network_hash RLIKE '^[0-9a-f]{64}$'";

  private static final Map<String, List<String>> ROWS =
      Map.of(
          "trials",
          List.of(
              RATE,
              HASH,
              "trial >= 0",
              "images >= 1",
              "golden_correct BETWEEN 0 AND images",
              "faulty_cells >= 0 AND changed_weights >= 0",
              // but decoders change sound weights, too
              "changed_weights <= faulty_cells OR kind LIKE '% + %'",
              "(correct IS NULL) = (error IS NOT NULL) AND (changed IS NULL) = (error IS NOT NULL)",
              "correct IS NULL OR correct BETWEEN 0 AND images",
              "changed IS NULL OR changed BETWEEN abs(correct - golden_correct) AND images"),
          "single_faults",
          List.of(
              HASH,
              "fault >= 0 AND filter >= 0 AND index >= 0 AND bit >= 0",
              "images >= 1",
              "golden_correct BETWEEN 0 AND images",
              "(outcome IS NULL) = (error IS NOT NULL) AND (correct IS NULL) = (error IS NOT NULL)",
              "outcome IS NULL OR outcome IN ('masked', 'changed-logits', 'changed-prediction')",
              "correct IS NULL OR correct BETWEEN 0 AND images",
              "changed_logits IS NULL OR changed_logits BETWEEN changed_predictions AND images",
              "changed_predictions IS NULL OR changed_predictions >= lost AND lost >= 0"),
          "landscape",
          List.of(
              HASH,
              "loss >= 0 AND NOT isnan(loss)",
              "images >= 1",
              "correct BETWEEN 0 AND images",
              "accuracy = correct / images",
              "kind IN ('line', 'surface', 'radius')"),
          "cnvlutin_slices",
          List.of(
              RATE,
              "first_image >= 0 AND images >= 1 AND position >= 0",
              "baseline_cycles >= 0 AND cnvlutin_cycles >= 0 AND lane_cycles >= 0",
              "window_cycles BETWEEN 0 AND cnvlutin_cycles",
              "zero_activations BETWEEN 0 AND activations",
              "effectual_macs BETWEEN 0 AND macs"),
          "activations",
          List.of(
              HASH, "position >= 0 AND images >= 1", "zero_activations BETWEEN 0 AND activations"),
          "cells",
          List.of(
              RATE,
              "trials >= 0 AND failed >= 0",
              "clean_accuracy BETWEEN 0 AND 1",
              "half_width IS NULL OR half_width >= 0",
              "confidence > 0 AND confidence < 1"));

  private static final Map<String, List<String>> TOP5 =
      Map.of(
          "trials",
          List.of(
              "top5_golden_correct BETWEEN golden_correct AND images",
              "(top5_correct IS NULL) = (error IS NOT NULL) AND (top5_changed IS NULL) = (error IS NOT NULL)",
              "top5_correct IS NULL OR top5_correct BETWEEN correct AND images",
              "top5_changed IS NULL OR top5_changed BETWEEN abs(top5_correct - top5_golden_correct) AND images"),
          "cells",
          List.of(
              "top5_clean_accuracy BETWEEN clean_accuracy AND 1",
              "top5_half_width IS NULL OR top5_half_width >= 0"));

  private static final Map<String, String> KEYS =
      Map.of(
          "trials", "network, kind, rate, trial",
          "cells", "network, kind, rate",
          "networks", "network",
          "activations", "network, position",
          "single_faults", "network, kind, fault",
          "landscape", "network, kind, direction, second_direction, alpha, beta",
          "cnvlutin_slices", "network, kind, rate, fault_map, position, first_image",
          "cnvlutin_layers", "network, kind, rate, fault_map, position");

  private Conditions() {}

  /** Conditions that hold for each row; none for tables that are computed from others. */
  static List<String> ofRows(String table, StructType columns) {
    var always = ROWS.getOrDefault(table, List.of());
    return TopFive.isIn(columns)
        ? Stream.concat(always.stream(), TOP5.get(table).stream()).toList()
        : always;
  }

  /** Columns that tell each row from all others; empty where that is not known. */
  static String key(String table) {
    return KEYS.getOrDefault(table, "");
  }
}
