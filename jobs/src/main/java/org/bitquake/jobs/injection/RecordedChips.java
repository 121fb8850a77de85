package org.bitquake.jobs.injection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.pattern.Chip;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.config.CampaignConfig.Faults;
import org.bitquake.jobs.config.ChipFiles;
import org.bitquake.jobs.config.ModelSource;
import org.bitquake.jobs.config.NamedFile;
import org.bitquake.jobs.config.ProtectionSource;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.store.Origin;
import org.bitquake.protect.CellList;

/**
 * The measured chips and lists of hardened cells of a campaign, read again from where its
 * configuration says, and kept for the next row. Rows name them, with the SHA-256 of what they
 * held.
 */
public final class RecordedChips {
  private final Optional<Origin> origin;
  private final Optional<String> folder;
  private final Configuration hadoop;
  private final Map<ChipFiles, Profile> known = new HashMap<>();
  private final Map<NamedFile, CellList> hardened = new HashMap<>();

  /**
   * @param origin of the campaign
   * @param folder where they lie now; empty for where the configuration says
   */
  public RecordedChips(Optional<Origin> origin, Optional<String> folder, Configuration hadoop) {
    this.origin = origin;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /**
   * A row's model with what its chips and lists hold; any other as it is.
   *
   * @throws InputException if a file is missing or is another one than the campaign's
   */
  public MemoryModel complete(MemoryModel model) {
    var its =
        model.faults().pattern() instanceof ChipFiles files
            ? model.with(known.computeIfAbsent(files, this::read))
            : model;
    return its.hardened().isEmpty()
        ? its
        : its.with(its.hardened().stream().map(InputFile::named).map(this::cells).toList());
  }

  private CellList cells(NamedFile file) {
    return hardened.computeIfAbsent(
        file, its -> find(its, hardened(), path -> InputFile.cells(its, path, hadoop)));
  }

  private Profile read(ChipFiles files) {
    return new Profile(files.files().stream().map(this::read).toList());
  }

  private Chip read(NamedFile file) {
    return find(file, chips(), path -> ChipFile.read(file, path, hadoop));
  }

  private <T> T find(NamedFile file, Stream<NamedFile> configured, Function<Path, T> read) {
    if (file.sha256().isEmpty()) {
      throw new InputException(
          Text.of("%s: the row does not say what it held: it is damaged", file.path()));
    }
    List<InputException> wrong = new ArrayList<>();
    for (Path path : places(file, configured)) {
      try {
        return read.apply(path);
      } catch (InputException e) {
        wrong.add(e); // another file of that name may be the one
      }
    }
    throw wrong.isEmpty()
        ? new InputException(
            Text.of("%s: say in which folder it lies with --chips FOLDER", file.name()))
        : wrong.get(0);
  }

  private List<Path> places(NamedFile file, Stream<NamedFile> configured) {
    if (folder.isPresent()) {
      return List.of(new Path(Yaml.local(folder.get()), file.name()));
    }
    return configured
        .filter(its -> its.name().equals(file.name()))
        .map(its -> new Path(Yaml.beside(origin.orElseThrow().config(), its.path())))
        .distinct()
        .toList();
  }

  /** The files of chips that the configuration names. */
  private Stream<NamedFile> chips() {
    return origin.stream()
        .flatMap(o -> Yaml.part(o.text(), o.config(), "faults", Faults.class).stream())
        .flatMap(faults -> faults.models().stream().flatMap(List::stream))
        .map(ModelSource::model)
        .filter(model -> model.pattern() instanceof ChipFiles)
        .flatMap(model -> ((ChipFiles) model.pattern()).files().stream());
  }

  /** The files of hardened cells that the configuration names. */
  private Stream<NamedFile> hardened() {
    return origin.stream()
        .flatMap(o -> Yaml.list(o.text(), o.config(), "protections", ProtectionSource.class))
        .flatMap(its -> its.protection().listed().stream())
        .map(InputFile::named);
  }
}
