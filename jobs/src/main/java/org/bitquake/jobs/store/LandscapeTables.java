package org.bitquake.jobs.store;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Schemas of the tables of loss landscapes. */
public final class LandscapeTables {
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
          .required("provenance", DataTypes.StringType, "how the network came to be, JSON")
          .type();

  private LandscapeTables() {}
}
