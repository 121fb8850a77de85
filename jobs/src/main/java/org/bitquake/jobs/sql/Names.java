package org.bitquake.jobs.sql;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;

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
    new PlanWalk(inner -> relation(inner, relations), e -> function(e, functions)).over(plan);
    return new Names(
        relations, functions, plan instanceof Command || plan instanceof ParsedStatement);
  }

  private static void relation(LogicalPlan plan, Set<String> relations) {
    if (plan instanceof UnresolvedRelation relation) {
      relations.add(relation.multipartIdentifier().last().toLowerCase(Locale.ROOT));
    }
  }

  private static void function(Expression expression, Set<String> functions) {
    if (expression instanceof UnresolvedFunction function) {
      functions.add(function.nameParts().last().toLowerCase(Locale.ROOT));
    }
  }
}
