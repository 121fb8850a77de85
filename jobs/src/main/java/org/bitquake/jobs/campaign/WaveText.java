package org.bitquake.jobs.campaign;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.trial.Wave;

/** What a wave does, for people: {@code 4,800 trials of lenet5-saq, bit-flip, 6 rates}. */
final class WaveText {
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

  private WaveText() {}

  static String of(Campaign campaign, Wave wave) {
    var cells =
        IntStream.range(0, campaign.cells())
            .filter(cell -> wave.to()[cell] > wave.from()[cell])
            .mapToObj(campaign::cell)
            .toList();
    var networks =
        cells.stream().map(c -> campaign.networks().get(c.network()).name()).distinct().toList();
    var kinds = cells.stream().map(Campaign.Cell::kind).map(MemoryModel::name).distinct().toList();
    var rates = cells.stream().map(c -> percent(c.rate())).distinct().toList();
    return Text.of(
        "%,d trials of %s, %s, %s",
        wave.rows(),
        oneOrMany(networks, "networks"),
        oneOrMany(kinds, "fault kinds"),
        oneOrMany(rates, "rates"));
  }

  static String networks(Campaign campaign) {
    return oneOrMany(campaign.networks().stream().map(CampaignNetwork::name).toList(), "networks");
  }

  private static String oneOrMany(List<String> names, String noun) {
    return names.size() == 1 ? names.get(0) : names.size() + " " + noun;
  }

  private static String percent(double rate) {
    return BigDecimal.valueOf(rate).multiply(PERCENT).stripTrailingZeros().toPlainString() + " %";
  }
}
