package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bitquake.Text;
import org.bitquake.jobs.injection.NetworkRows;
import org.bitquake.jobs.injection.ProtectionRows;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.WavePool;

/**
 * The tables that a campaign makes of its trials, once these are all there.
 *
 * @param hash of the campaign's identity, the name of each table's one part
 */
record CampaignTables(TableSessions sessions, Campaign campaign, TableStore store, String hash) {
  static final String TRIALS = "trials";
  static final String ACTIVATIONS = "activations";

  private static final String CELLS = "cells";
  private static final String QUANTILES = "quantiles";
  private static final String ENCODINGS = "encodings";
  private static final String PROTECTIONS = "protections";
  private static final String ROWS = "rows";

  /** True if all of them are there, of all trials that are there. */
  boolean areComplete() {
    return names().allMatch(table -> store.isCommitted(table, hash))
        && store.facts(CELLS, hash).get(ROWS).equals(Long.toString(store.rows(TRIALS)));
  }

  private Stream<String> names() {
    var always = Stream.of(CELLS, "pairs", "networks", ACTIVATIONS);
    return Stream.of(
            always,
            Quantiles.apply(campaign) ? Stream.of(QUANTILES) : Stream.<String>empty(),
            Encodings.apply(campaign) ? Stream.of(ENCODINGS) : Stream.<String>empty(),
            ProtectionRows.apply(campaign.kinds())
                ? Stream.of(PROTECTIONS)
                : Stream.<String>empty())
        .flatMap(names -> names);
  }

  /** The table {@code cells}. */
  List<Row> cells() {
    return sessions.collect(store, CELLS);
  }

  /**
   * Makes those that are missing, side by side.
   *
   * @param correct images of the whole data set that each network gets right
   * @param top5 images whose label is among its five largest logits; no matter with few classes
   * @param rows of trials that there must be
   * @throws IllegalStateException if there are more or fewer
   */
  void commit(int[] correct, int[] top5, long rows) {
    store.verify(TRIALS);
    if (store.rows(TRIALS) != rows) {
      throw new IllegalStateException(
          Text.of("%s holds %d trials, not %d", store.root(), store.rows(TRIALS), rows));
    }
    var trials = sessions.read(store, TRIALS);
    var facts = Map.of(ROWS, Long.toString(rows));
    List<Runnable> tables = new ArrayList<>();
    tables.add(() -> store.commit("pairs", hash, new Pairs(campaign, correct).of(trials), facts));
    if (Quantiles.apply(campaign)) {
      tables.add(() -> store.commit(QUANTILES, hash, new Quantiles(campaign).of(trials), facts));
    }
    if (Encodings.apply(campaign)) {
      tables.add(
          () -> store.commit(ENCODINGS, hash, new Encodings(campaign).of(sessions.few()), facts));
    }
    if (ProtectionRows.apply(campaign.kinds())) {
      tables.add(
          () ->
              store.commit(
                  PROTECTIONS,
                  hash,
                  ProtectionRows.of(sessions.few(), campaign.networks(), campaign.kinds()),
                  facts));
    }
    tables.add(
        () -> store.commit(CELLS, hash, new Cells(campaign, correct, top5).of(trials), facts));
    tables.add(() -> store.commit("networks", hash, networks(correct), facts));
    int[] all = IntStream.range(0, tables.size()).toArray();
    WavePool.run(all, tables.size(), table -> tables.get(table).run());
  }

  private Dataset<Row> networks(int[] correct) {
    var data = campaign.dataset();
    return NetworkRows.of(
        sessions.few(), campaign.networks(), campaign.encodings(), data, data.size(), correct);
  }
}
