package org.bitquake.jobs.sql;

import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.DescribeColumn;
import org.apache.spark.sql.catalyst.plans.logical.DescribeFunction;
import org.apache.spark.sql.catalyst.plans.logical.DescribeRelation;
import org.apache.spark.sql.catalyst.plans.logical.InsertIntoDir;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.ScriptTransformation;
import org.apache.spark.sql.catalyst.plans.logical.ShowColumns;
import org.apache.spark.sql.catalyst.plans.logical.ShowFunctions;
import org.apache.spark.sql.catalyst.plans.logical.ShowTables;
import org.apache.spark.sql.catalyst.plans.logical.ShowViews;
import org.apache.spark.sql.execution.command.DescribeQueryCommand;
import org.apache.spark.sql.execution.command.ExplainCommand;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Tells reading from everything else by the parsed plan, so that no spelling (a comment, a common
 * table expression, a multi-insert) slips through.
 *
 * <p>Allowed: queries, and {@code SHOW}, {@code DESCRIBE} and {@code EXPLAIN} of them. Refused: any
 * command or insertion anywhere in the plan, and the two doors from a query to other programs,
 * {@code TRANSFORM … USING} and the functions that call Java methods by name.
 */
final class ReadOnly {
  private static final Set<Class<?>> ALLOWED =
      Set.of(
          DescribeRelation.class,
          DescribeColumn.class,
          DescribeFunction.class,
          DescribeQueryCommand.class,
          ExplainCommand.class,
          ShowColumns.class,
          ShowFunctions.class,
          ShowTables.class,
          ShowViews.class);

  private static final Set<String> JAVA_CALLS = Set.of("reflect", "java_method", "try_reflect");

  private ReadOnly() {}

  /**
   * @throws InputException if the plan does anything but read
   */
  static void check(LogicalPlan plan) {
    new PlanWalk(ReadOnly::requireReading, ReadOnly::requireNoJava).over(plan);
  }

  private static void requireReading(LogicalPlan plan) {
    boolean writes = plan instanceof Command || plan instanceof ParsedStatement;
    if ((writes && !ALLOWED.contains(plan.getClass())) || opensADoor(plan)) {
      throw refusal(plan.nodeName());
    }
  }

  /** What is neither a command nor a statement to Spark, but writes files or runs programs. */
  private static boolean opensADoor(LogicalPlan plan) {
    return plan instanceof InsertIntoDir || plan instanceof ScriptTransformation;
  }

  private static void requireNoJava(Expression expression) {
    if (expression instanceof UnresolvedFunction function) {
      String name = function.nameParts().last().toLowerCase(Locale.ROOT);
      if (JAVA_CALLS.contains(name)) {
        throw refusal(name);
      }
    }
  }

  private static InputException refusal(String what) {
    return new InputException(
        Text.of(
            "results are only read: %s is refused; use SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN",
            what));
  }
}
