package org.bitquake.jobs.injection;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.network.QuantizedNetwork;

/**
 * One network of a campaign.
 *
 * @param name in tables, unique in the campaign
 * @param file where it was read
 * @param bytes of the file, as they go to the executors
 * @param network what they say
 * @param scope which of its cells may be faulty
 */
public record CampaignNetwork(
    String name, String file, byte[] bytes, QuantizedNetwork network, FaultScope scope) {
  private static final int MOST_NAMED = 3;

  /** What of it determines rows, for an {@link org.bitquake.jobs.store.Identity}. */
  public Map<String, Object> facts() {
    return new TreeMap<>(
        Map.of(
            "name", name,
            "contentHash", network.contentHash(),
            "layers", scope.layers(),
            "bits", scope.bits()));
  }

  /** Memory cells that may be faulty. */
  public long cells() {
    return new FaultSampler(0, weights(network), bits(network), scope).cells();
  }

  /**
   * What to say of mid-rise codes that were stored in two's complement alone, which is not how
   * those who devised them keep them; empty, where there is nothing to say.
   */
  public static String storageNote(List<CampaignNetwork> networks, List<Encoding> encodings) {
    var midRise = networks.stream().filter(CampaignNetwork::isMidRise).toList();
    return midRise.isEmpty() || !encodings.equals(List.of(Encoding.TWOS_COMPLEMENT))
        ? ""
        : Text.of(
            "Note: the codes of %s are unsigned, and were stored less half their range in %s;"
                + " faults.encoding: %s stores them as they are%n",
            named(midRise), Encoding.TWOS_COMPLEMENT.label(), Encoding.OFFSET_BINARY.label());
  }

  private static String named(List<CampaignNetwork> networks) {
    var first = networks.stream().limit(MOST_NAMED).map(CampaignNetwork::name);
    String names = first.collect(Collectors.joining(", "));
    int more = networks.size() - MOST_NAMED;
    return more > 0 ? Text.of("%s and %d more networks", names, more) : names;
  }

  private boolean isMidRise() {
    return network.weightLayers().stream().anyMatch(c -> c.weights().isMidRise());
  }

  /** Number of weights of each weight layer. */
  public static int[] weights(QuantizedNetwork network) {
    return network.weightLayers().stream().mapToInt(c -> c.weights().codes().length).toArray();
  }

  /** Cells of each weight, per weight layer. */
  public static int[] bits(QuantizedNetwork network) {
    return network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
  }
}
