package org.bitquake.jobs.injection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultModel;
import org.bitquake.fault.TargetMemory;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.config.ChipFiles;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Protection;

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
        if (model.isOfWeights()) {
          require(document, i, model, network);
        } else {
          requireStored(document, i, model, network);
        }
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
      Path path = InputFile.there(document, its, file.path(), hadoop);
      chips.add(ChipFile.read(file, path, hadoop));
    }
    try {
      var profile = new Profile(chips);
      profile.requireFits(storage.rows(), storage.word() * storage.wordsPerRow());
      return profile;
    } catch (IllegalArgumentException e) {
      throw document.error(key, e.getMessage());
    }
  }

  /**
   * The same with encodings and protections, each for every model of weights; the others have none.
   *
   * @param encodings that the document has under the key {@code encodings}; may be none
   * @param protections that the document has under the key {@code protections}
   */
  public static List<MemoryModel> of(
      Yaml.Document<?> document,
      List<FaultModel> models,
      Storage storage,
      List<Encoding> encodings,
      List<Protection> protections,
      List<CampaignNetwork> networks,
      Configuration hadoop) {
    List<MemoryModel> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    var read = read(document, protections, hadoop);
    for (var plain : encode(of(document, models, storage, networks, hadoop), encodings)) {
      for (int i = 0; i < protections.size() && (i == 0 || plain.isOfWeights()); i++) {
        var model = plain.isOfWeights() ? protect(plain, storage, read.get(i)) : plain;
        for (var network : networks) {
          requireProtects(document, "protections[" + i + "]", model, network);
        }
        if (!names.add(model.name())) {
          throw document.error(
              "protections[" + i + "]",
              Text.of("a fault model is already called %s; rename one of them", model.name()));
        }
        all.add(model);
      }
    }
    return all;
  }

  /**
   * Protections with what their files hold.
   *
   * @param protections that the document has under the key {@code protections}
   * @throws org.bitquake.InputException that names the file, and the line where there is one
   */
  public static List<Protection> read(
      Yaml.Document<?> document, List<Protection> protections, Configuration hadoop) {
    List<Protection> read = new ArrayList<>();
    for (int i = 0; i < protections.size(); i++) {
      read.add(InputFile.read(document, "protections[" + i + "]", protections.get(i), hadoop));
    }
    return List.copyOf(read);
  }

  private static List<MemoryModel> encode(List<MemoryModel> models, List<Encoding> encodings) {
    return models.stream()
        .flatMap(
            model ->
                model.isOfWeights() && !encodings.isEmpty()
                    ? encodings.stream().map(model::in)
                    : Stream.of(model))
        .toList();
  }

  private static MemoryModel protect(MemoryModel plain, Storage storage, Protection protection) {
    return protection.parts().isEmpty()
        ? plain
        : new MemoryModel(plain.faults(), storage, plain.encoding(), Optional.of(protection));
  }

  /**
   * Checks that a model's protection goes with its faults and a network.
   *
   * @param key of the protection
   * @throws org.bitquake.InputException if it does not
   */
  public static void requireProtects(
      Yaml.Document<?> document, String key, MemoryModel model, CampaignNetwork network) {
    if (model.protection().isEmpty()) {
      return;
    }
    if (model.protection().get().needsStuckCells() && !model.faults().effect().isStuck()) {
      throw document.error(
          key,
          Text.of(
              "remap writes around cells that are known to be stuck, but those of %s are not; leave"
                  + " out one of them",
              model.faults().name()));
    }
    try {
      var layout = model.layout(model.protection().get(), network.network());
      if (layout.checkColumns().isPresent() && model.faults().pattern() instanceof Profile) {
        throw document.error(
            key,
            Text.of(
                "%s has check bits, of whose cells the chips of %s say nothing; harden cells, or"
                    + " leave out one of them",
                model.protection().get().name(), model.faults().name()));
      }
      layout
          .checkColumns()
          .ifPresent(
              its -> model.faults().pattern().requireFits(its.storage().rows(), its.columns()));
    } catch (IllegalArgumentException e) {
      throw document.error(
          key,
          Text.of(
              "%s: %s (network %s, faults %s)",
              model.protection().get().name(),
              e.getMessage(),
              network.name(),
              model.faults().name()));
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

  /** Of activations and offsets: which of them fail is not a matter of weights. */
  private static void requireStored(
      Yaml.Document<?> document, int index, MemoryModel model, CampaignNetwork network) {
    String target = model.faults().memory().target().label();
    String key = "faults.models[" + index + "].target";
    boolean layers = !network.scope().layers().isEmpty();
    if (layers || !network.scope().bits().isEmpty()) {
      String scope = layers ? "layers" : "bits";
      throw document.error(
          "faults." + scope,
          Text.of(
              "these are of weights, but %s is of %s; leave %s out, or the model",
              model.name(), target, scope));
    }
    try {
      if (model.sampler(0, network.network()).isIdle()) {
        throw document.error(
            key,
            Text.of(
                "network %s stores no %s that could fail; leave out the model or the network, or"
                    + " write {%s: {input: true%s}}",
                network.name(),
                target,
                target,
                model.faults().memory() instanceof TargetMemory.Offsets
                    ? ", fullyConnected: true"
                    : ""));
      }
    } catch (IllegalArgumentException e) {
      throw document.error(
          "memory.word",
          Text.of("%s, as %s of network %s have", e.getMessage(), target, network.name()));
    } catch (ArithmeticException e) {
      throw document.error(
          key, Text.of("the %s of network %s are too many to fail", target, network.name()));
    }
  }
}
