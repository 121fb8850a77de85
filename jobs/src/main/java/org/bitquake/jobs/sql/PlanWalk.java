package org.bitquake.jobs.sql;

import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.command.DescribeQueryCommand;
import org.apache.spark.sql.execution.command.ExplainCommand;
import scala.collection.JavaConverters;

/**
 * Looks at all of a parsed statement: its plans, those inside WITH clauses, subqueries and
 * statements that are explained or described, and the expressions of each.
 *
 * @param plans told each plan, the outer one before the inner ones
 * @param expressions told each expression, likewise
 */
record PlanWalk(Consumer<LogicalPlan> plans, Consumer<Expression> expressions) {

  void over(LogicalPlan plan) {
    plans.accept(plan);
    if (plan instanceof ExplainCommand explain) {
      over(explain.logicalPlan());
    } else if (plan instanceof DescribeQueryCommand describe) {
      over(describe.plan());
    }
    JavaConverters.seqAsJavaList(plan.children()).forEach(this::over);
    for (Object inner : JavaConverters.seqAsJavaList(plan.innerChildren())) {
      if (inner instanceof LogicalPlan innerPlan) {
        over(innerPlan);
      }
    }
    JavaConverters.seqAsJavaList(plan.expressions()).forEach(this::over);
  }

  private void over(Expression expression) {
    expressions.accept(expression);
    if (expression instanceof SubqueryExpression subquery) {
      over(subquery.plan());
    }
    JavaConverters.seqAsJavaList(expression.children()).forEach(this::over);
  }
}
