package org.bitquake.jobs.injection;

import java.util.Map;
import java.util.TreeMap;
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

  /** Number of weights of each weight layer. */
  public static int[] weights(QuantizedNetwork network) {
    return network.weightLayers().stream().mapToInt(c -> c.weights().codes().length).toArray();
  }

  /** Cells of each weight, per weight layer. */
  public static int[] bits(QuantizedNetwork network) {
    return network.weightLayers().stream().mapToInt(c -> c.weights().bits()).toArray();
  }
}
