package org.bitquake.jobs.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The schemas of all tables, with what each column means and its unit as the column's comment.
 *
 * <p>Accuracies are fractions 0 … 1.
 */
public final class Tables {
  /** A row for each trial of each network × fault kind × rate. */
  public static final StructType TRIALS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
          .required("rate", DataTypes.DoubleType, "probability of each memory cell to be faulty")
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

  /** A row for each network × fault kind × rate. */
  public static final StructType CELLS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
          .required("rate", DataTypes.DoubleType, "probability of each memory cell to be faulty")
          .required("trials", DataTypes.LongType, "trials that the estimate rests on")
          .required("failed", DataTypes.LongType, "trials that failed and are left out")
          .required(
              "images",
              DataTypes.IntegerType,
              "images looked at in each trial, the first ones aside")
          .required("clean_accuracy", DataTypes.DoubleType, "accuracy without faults, 0…1")
          .optional("accuracy", DataTypes.DoubleType, "estimated mean accuracy, 0…1")
          .optional("half_width", DataTypes.DoubleType, "half the confidence interval, 0…1")
          .required("confidence", DataTypes.DoubleType, "level of the confidence interval")
          .optional("sd", DataTypes.DoubleType, "standard deviation of a trial's accuracy")
          .optional("min_accuracy", DataTypes.DoubleType, "lowest accuracy of a trial, 0…1")
          .optional("max_accuracy", DataTypes.DoubleType, "highest accuracy of a trial, 0…1")
          .optional("mean_faulty_cells", DataTypes.DoubleType, "mean of faulty cells per trial")
          .optional("map_sd", DataTypes.DoubleType, "estimated sd of accuracy over fault maps")
          .optional(
              "image_variance", DataTypes.DoubleType, "estimated variance of an image's change")
          .optional(
              "target_half_width", DataTypes.DoubleType, "where trials were to stop; null: fixed")
          .required("exact", DataTypes.BooleanType, "true: known without sampling error")
          .type();

  /** A row for each quantile of each network × fault kind × rate, where trials see all images. */
  public static final StructType QUANTILES =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
          .required("rate", DataTypes.DoubleType, "probability of each memory cell to be faulty")
          .required("quantile", DataTypes.DoubleType, "fraction of fault maps, 0…1")
          .required("accuracy", DataTypes.DoubleType, "not exceeded by that fraction, 0…1")
          .optional("low", DataTypes.DoubleType, "lower end of its interval; null: too few trials")
          .optional("high", DataTypes.DoubleType, "upper end of its interval; null: too few trials")
          .required("confidence", DataTypes.DoubleType, "level of the confidence interval")
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
          .required("rate_a", DataTypes.DoubleType, "fault rate of the first cell")
          .required("rate_b", DataTypes.DoubleType, "fault rate of the second cell")
          .required("trials", DataTypes.LongType, "trial numbers that both have results of")
          .required("clean_difference", DataTypes.DoubleType, "difference without faults, -1…1")
          .optional("difference", DataTypes.DoubleType, "estimated difference of accuracy, -1…1")
          .optional("half_width", DataTypes.DoubleType, "half its confidence interval, 0…1")
          .required("confidence", DataTypes.DoubleType, "level of the confidence interval")
          .required("exact", DataTypes.BooleanType, "true: known without sampling error")
          .type();

  /** A row for each layer with weights × fault map × run of images: sums over these images. */
  public static final StructType CNVLUTIN_SLICES =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .optional("kind", DataTypes.StringType, "fault kind; null: without faults")
          .required("rate", DataTypes.DoubleType, "probability of each memory cell to be faulty")
          .optional(
              "fault_map",
              DataTypes.LongType,
              "trial number of a campaign with the same faults; null: without faults")
          .required("layer", DataTypes.StringType, "name of the layer")
          .required("position", DataTypes.IntegerType, "of the layer among those with weights")
          .required("first_image", DataTypes.IntegerType, "first image, counted from 0")
          .required("images", DataTypes.LongType, "consecutive images; 1 with detail: image")
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
          .required("cnvlutin_output_writes", DataTypes.LongType, "Cnvlutin: writes of one brick")
          .type();

  /** A row for each layer with weights × fault map: sums over all images. */
  public static final StructType CNVLUTIN_LAYERS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .optional("kind", DataTypes.StringType, "fault kind; null: without faults")
          .required("rate", DataTypes.DoubleType, "probability of each memory cell to be faulty")
          .optional(
              "fault_map",
              DataTypes.LongType,
              "trial number of a campaign with the same faults; null: without faults")
          .required("layer", DataTypes.StringType, "name of the layer")
          .required("position", DataTypes.IntegerType, "of the layer among those with weights")
          .required("encoded", DataTypes.BooleanType, "false: Cnvlutin does not skip its zeros")
          .required("images", DataTypes.LongType, "images that the sums are over")
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
          .required("cnvlutin_output_writes", DataTypes.LongType, "Cnvlutin: writes of one brick")
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

  /** A row for each point of the loss landscapes: weight codes + alpha·δ + beta·η. */
  public static final StructType LANDSCAPE =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "line, surface or radius (of a mean rise)")
          .required("direction", DataTypes.LongType, "number of the random direction δ")
          .optional("second_direction", DataTypes.LongType, "number of η; null: none")
          .required("alpha", DataTypes.DoubleType, "along δ, in norms of each filter")
          .optional("beta", DataTypes.DoubleType, "along η, in norms of each filter; null: no η")
          .required("loss", DataTypes.DoubleType, "mean cross-entropy, nats")
          .required("accuracy", DataTypes.DoubleType, "accuracy, 0…1")
          .required("correct", DataTypes.IntegerType, "images classified correctly")
          .required("images", DataTypes.IntegerType, "images looked at, the same at every point")
          .required("mode", DataTypes.StringType, "quantised: weights real; requantised: codes")
          .required("seed", DataTypes.LongType, "seed of the directions")
          .required("images_seed", DataTypes.LongType, "seed of the choice of images")
          .required("dataset", DataTypes.StringType, "data set and split")
          .required("network_hash", DataTypes.StringType, "content hash of the network, hex")
          .type();

  /** A row for each measure of each network's sharpness at its weight codes. */
  public static final StructType SHARPNESS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required(
              "measure",
              DataTypes.StringType,
              "sam-one-step, sam-ascent, mean-rise, largest-eigenvalue or trace")
          .optional(
              "radius",
              DataTypes.DoubleType,
              "sam: L2 norm of the weights' change, real units; mean-rise: in norms of each filter")
          .required(
              "value",
              DataTypes.DoubleType,
              "rise of the loss, nats; of the Hessian: nats per squared weight, real units")
          .optional("standard_error", DataTypes.DoubleType, "of a mean over random samples")
          .optional("residual", DataTypes.DoubleType, "an eigenvalue lies within this of the value")
          .required(
              "samples",
              DataTypes.IntegerType,
              "directions, probes, steps of ascent or power iterations")
          .optional("converged", DataTypes.BooleanType, "whether the power iteration has")
          .required("loss", DataTypes.DoubleType, "at the weight codes, nats")
          .required("accuracy", DataTypes.DoubleType, "at the weight codes, 0…1")
          .required("images", DataTypes.IntegerType, "images looked at")
          .required("mode", DataTypes.StringType, "of mean-rise: quantised or requantised")
          .required("seed", DataTypes.LongType, "seed of directions and probes")
          .required("images_seed", DataTypes.LongType, "seed of the choice of images")
          .required("dataset", DataTypes.StringType, "data set and split")
          .required("network_hash", DataTypes.StringType, "content hash of the network, hex")
          .type();

  /** A row for each single fault that was injected. */
  public static final StructType SINGLE_FAULTS =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
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

  /** A row for each network × weight layer × bit, and for all layers, all bits, and both. */
  public static final StructType SINGLE_FAULT_RATES =
      new Schema()
          .required("network", DataTypes.StringType, "name of the network")
          .required("kind", DataTypes.StringType, "fault kind: bit-flip, stuck-at-0, stuck-at-1")
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
          .required("confidence", DataTypes.DoubleType, "level of the confidence intervals")
          .required("exact", DataTypes.BooleanType, "true: every cell was tried")
          .type();

  private static final Map<String, StructType> ALL = all();

  private Tables() {}

  /** The schema of a table, empty if there is no such table. */
  public static Optional<StructType> schema(String table) {
    return Optional.ofNullable(ALL.get(table));
  }

  /** All tables by name. */
  public static Map<String, StructType> schemas() {
    return ALL;
  }

  /** SHA-256 of names, types and order of the columns, hex; comments do not matter. */
  static String fingerprint(StructType schema) {
    String text =
        Arrays.stream(schema.fields())
            .map(f -> f.name() + " " + f.dataType().catalogString())
            .collect(Collectors.joining("\n"));
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, StructType> all() {
    Map<String, StructType> all = new LinkedHashMap<>();
    all.put("trials", TRIALS);
    all.put("cells", CELLS);
    all.put("pairs", PAIRS);
    all.put("quantiles", QUANTILES);
    all.put("cnvlutin_layers", CNVLUTIN_LAYERS);
    all.put("cnvlutin_slices", CNVLUTIN_SLICES);
    all.put("networks", NETWORKS);
    all.put("landscape", LANDSCAPE);
    all.put("sharpness", SHARPNESS);
    all.put("single_faults", SINGLE_FAULTS);
    all.put("single_fault_rates", SINGLE_FAULT_RATES);
    return Collections.unmodifiableMap(all);
  }

  private record Schema(StructType type) {
    Schema() {
      this(new StructType());
    }

    Schema required(String name, DataType type, String comment) {
      return new Schema(this.type.add(name, type, false, comment));
    }

    /** A share with its confidence interval. */
    Schema rate(String name, String comment) {
      return rate(name, comment, "0…1");
    }

    /** A number with its confidence interval. */
    Schema rate(String name, String comment, String range) {
      return optional(name, DataTypes.DoubleType, comment + ", " + range)
          .required(name + "_low", DataTypes.DoubleType, "lower end of its interval, " + range)
          .required(name + "_high", DataTypes.DoubleType, "upper end of its interval, " + range);
    }

    Schema optional(String name, DataType type, String comment) {
      return new Schema(this.type.add(name, type, true, comment));
    }
  }
}
