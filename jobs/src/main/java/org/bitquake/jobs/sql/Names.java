package org.bitquake.jobs.sql;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import scala.collection.JavaConverters;

/**
 * What a parsed statement speaks of, in lower case.
 *
 * @param relations tables, views and the statement's own WITH clauses
 * @param functions called
 * @param ofAll whether it lists or describes, which may be of everything
 */
record Names(Set<String> relations, Set<String> functions, boolean ofAll) {

  static Names in(LogicalPlan plan) {
    Set<String> relations = new HashSet<>();
    Set<String> functions = new HashSet<>();
    collect(plan, relations, functions);
    return new Names(
        relations, functions, plan instanceof Command || plan instanceof ParsedStatement);
  }

  private static void collect(LogicalPlan plan, Set<String> relations, Set<String> functions) {
    if (plan instanceof UnresolvedRelation relation) {
      relations.add(relation.multipartIdentifier().last().toLowerCase(Locale.ROOT));
    }
    JavaConverters.seqAsJavaList(plan.children()).forEach(p -> collect(p, relations, functions));
    for (Object inner : JavaConverters.seqAsJavaList(plan.innerChildren())) {
      if (inner instanceof LogicalPlan innerPlan) {
        collect(innerPlan, relations, functions);
      }
    }
    JavaConverters.seqAsJavaList(plan.expressions()).forEach(e -> collect(e, relations, functions));
  }

  private static void collect(Expression expression, Set<String> relations, Set<String> functions) {
    if (expression instanceof SubqueryExpression subquery) {
      collect(subquery.plan(), relations, functions);
    }
    if (expression instanceof UnresolvedFunction function) {
      functions.add(function.nameParts().last().toLowerCase(Locale.ROOT));
    }
    JavaConverters.seqAsJavaList(expression.children())
        .forEach(e -> collect(e, relations, functions));
  }
}
