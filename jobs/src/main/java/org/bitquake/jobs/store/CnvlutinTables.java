package org.bitquake.jobs.store;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Schemas of the tables of Cnvlutin simulations. */
public final class CnvlutinTables {
  /** A row for each layer with weights × fault map × run of images: sums over these images. */
  public static final StructType SLICES =
      counts(
              new Schema()
                  .required("network", DataTypes.StringType, "name of the network")
                  .optional("kind", DataTypes.StringType, "fault kind; null: without faults")
                  .required(
                      "rate",
                      DataTypes.DoubleType,
                      "probability of each memory cell to be faulty, 0…1")
                  .optional(
                      "fault_map",
                      DataTypes.LongType,
                      "trial number of a campaign with the same faults; null: without faults")
                  .required("layer", DataTypes.StringType, "name of the layer")
                  .required(
                      "position", DataTypes.IntegerType, "of the layer among those with weights")
                  .required("first_image", DataTypes.IntegerType, "first image, counted from 0")
                  .required(
                      "images", DataTypes.LongType, "consecutive images; 1 with detail: image"))
          .type();

  /** A row for each layer with weights × fault map: sums over all images. */
  public static final StructType LAYERS =
      counts(
              new Schema()
                  .required("network", DataTypes.StringType, "name of the network")
                  .optional("kind", DataTypes.StringType, "fault kind; null: without faults")
                  .required(
                      "rate",
                      DataTypes.DoubleType,
                      "probability of each memory cell to be faulty, 0…1")
                  .optional(
                      "fault_map",
                      DataTypes.LongType,
                      "trial number of a campaign with the same faults; null: without faults")
                  .required("layer", DataTypes.StringType, "name of the layer")
                  .required(
                      "position", DataTypes.IntegerType, "of the layer among those with weights")
                  .required(
                      "encoded", DataTypes.BooleanType, "false: Cnvlutin does not skip its zeros")
                  .required("images", DataTypes.LongType, "images that the sums are over"))
          .required("speed_up", DataTypes.DoubleType, "baseline_cycles / cnvlutin_cycles")
          .required("zero_fraction", DataTypes.DoubleType, "zero_activations / activations, 0…1")
          .optional(
              "ideal_speed_up", DataTypes.DoubleType, "1 / (1 - zero_fraction); null: all are 0")
          .required(
              "lane_imbalance",
              DataTypes.DoubleType,
              "cycles of the slowest lane / of the mean one")
          .optional(
              "baseline_energy", DataTypes.DoubleType, "memory accesses of DaDianNao, pJ; or null")
          .optional(
              "cnvlutin_energy", DataTypes.DoubleType, "memory accesses of Cnvlutin, pJ; or null")
          .required("network_hash", DataTypes.StringType, "content hash of the network, hex")
          .required("dataset", DataTypes.StringType, "data set and split")
          .required("accelerator", DataTypes.StringType, "the machine")
          .type();

  /** What a layer costs on both machines, and the columns before. */
  private static Schema counts(Schema before) {
    return before
        .required("baseline_cycles", DataTypes.LongType, "cycles of DaDianNao, all images")
        .required("cnvlutin_cycles", DataTypes.LongType, "cycles of Cnvlutin, all images")
        .required("window_cycles", DataTypes.LongType, "cnvlutin_cycles without pipeline latency")
        .required("lane_cycles", DataTypes.LongType, "cycles in which lanes work, sum over lanes")
        .required("activations", DataTypes.LongType, "activations read, each counted once")
        .required("zero_activations", DataTypes.LongType, "those that are 0")
        .required("macs", DataTypes.LongType, "multiply-accumulates, all images")
        .required("effectual_macs", DataTypes.LongType, "those whose activation is not 0")
        .required(
            "baseline_activation_reads",
            DataTypes.LongType,
            "DaDianNao: reads of one activation for each lane from neuron memory")
        .required(
            "baseline_weight_reads",
            DataTypes.LongType,
            "DaDianNao: reads of a lane's weights for the filters of a unit")
        .required(
            "baseline_output_writes",
            DataTypes.LongType,
            "DaDianNao: writes of as many channels of a position as there are lanes")
        .required(
            "cnvlutin_activation_reads",
            DataTypes.LongType,
            "Cnvlutin: reads of one brick; where not encoded, as DaDianNao")
        .required(
            "cnvlutin_weight_reads",
            DataTypes.LongType,
            "Cnvlutin: reads of a lane's weights for the filters of a unit")
        .required("cnvlutin_output_writes", DataTypes.LongType, "Cnvlutin: writes of one brick");
  }

  private CnvlutinTables() {}
}
