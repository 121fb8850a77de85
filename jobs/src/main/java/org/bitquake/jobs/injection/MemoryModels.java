package org.bitquake.jobs.injection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.Text;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.config.ChipFiles;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.memory.Storage;

/** The fault models of a configuration, once its networks are known. */
public final class MemoryModels {
  private MemoryModels() {}

  /**
   * Puts models into a memory, reads the chips that they name, and checks that the networks go with
   * both.
   *
   * @param document that has the models under the key {@code faults.models}
   * @throws org.bitquake.InputException that names line and key, if a network does not; or a chip's
   *     file and line
   */
  public static List<MemoryModel> of(
      Yaml.Document<?> document,
      List<FaultModel> models,
      Storage storage,
      List<CampaignNetwork> networks,
      Configuration hadoop) {
    List<MemoryModel> all = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      var model = new MemoryModel(models.get(i), storage);
      for (var network : networks) {
        require(document, i, model, network);
      }
      all.add(
          model.faults().pattern() instanceof ChipFiles files
              ? model.with(profile(document, i, files, storage, hadoop))
              : model);
    }
    return List.copyOf(all);
  }

  private static Profile profile(
      Yaml.Document<?> document,
      int index,
      ChipFiles files,
      Storage storage,
      Configuration hadoop) {
    String key = "faults.models[" + index + "].pattern";
    List<Chip> chips = new ArrayList<>();
    for (int i = 0; i < files.files().size(); i++) {
      String its = key + ".profile[" + i + "]";
      var file = files.files().get(i);
      chips.add(ChipFile.read(file, document.beside(its, file.path()), hadoop));
    }
    try {
      var profile = new Profile(chips);
      profile.requireFits(storage.rows(), storage.word() * storage.wordsPerRow());
      return profile;
    } catch (IllegalArgumentException e) {
      throw document.error(key, e.getMessage());
    }
  }

  private static void require(
      Yaml.Document<?> document, int index, MemoryModel model, CampaignNetwork network) {
    int[] bits = CampaignNetwork.bits(network.network());
    int perCell = model.faults().effect().bitsPerCell();
    int least = Arrays.stream(bits).min().orElseThrow();
    if (perCell > least) {
      throw document.error(
          "faults.models[" + index + "].effect",
          Text.of(
              "a cell holds %d bits, but a weight of network %s only %d",
              perCell, network.name(), least));
    }
    if (perCell > 1 && !network.scope().bits().isEmpty()) {
      throw document.error(
          "faults.bits",
          Text.of("a cell of %s holds %d bits; leave bits out", model.name(), perCell));
    }
    try {
      model.layout(CampaignNetwork.weights(network.network()), bits);
    } catch (IllegalArgumentException e) {
      throw document.error(
          "memory.word", Text.of("%s, as network %s has", e.getMessage(), network.name()));
    }
  }
}
