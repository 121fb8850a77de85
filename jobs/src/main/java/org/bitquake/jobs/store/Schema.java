package org.bitquake.jobs.store;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Writes a schema, column by column, each with its comment. */
record Schema(StructType type) {
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
