package org.bitquake.jobs.sql;

import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * The SQL function {@code student_t(p, degrees)}: the quantile of Student's t distribution. Null
 * where p is not in (0, 1), there are no degrees of freedom, or an argument is null.
 */
final class StudentT implements UDF2<Number, Number, Double> {
  private static final long serialVersionUID = 1L;
  static final String NAME = "student_t";

  static void register(SparkSession spark) {
    spark.udf().register(NAME, new StudentT(), DataTypes.DoubleType);
  }

  @Override
  public Double call(Number p, Number degrees) {
    if (p == null || degrees == null) {
      return null;
    }
    double probability = p.doubleValue();
    double freedom = degrees.doubleValue();
    return probability > 0 && probability < 1 && freedom > 0
        ? TDistribution.of(freedom).inverseCumulativeProbability(probability)
        : null;
  }
}
