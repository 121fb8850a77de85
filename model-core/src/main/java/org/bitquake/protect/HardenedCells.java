package org.bitquake.protect;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.Text;
import org.bitquake.fault.CellSet;

/**
 * Cells that do not fail, as {@link Part.Harden}, but named one by one in a file. Codes see them as
 * any other bit of their words.
 *
 * @param path of the file as a configuration writes it; in tables the name alone
 * @param sha256 of what it holds, where that is known
 * @param cells what it holds; empty before it is read
 * @param areaFactor area of such a cell in that of another one
 */
public record HardenedCells(
    String path, Optional<String> sha256, Optional<CellList> cells, double areaFactor)
    implements Part {
  public HardenedCells {
    Harden.requireAreaFactor(areaFactor);
  }

  /** The same once its file is read. */
  public HardenedCells with(CellList read) {
    return new HardenedCells(
        read.name(), Optional.of(read.sha256()), Optional.of(read), areaFactor);
  }

  /** Name of the file, without folders. */
  public String file() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public Set<String> layers() {
    return Set.of();
  }

  @Override
  public Set<Integer> bits() {
    return Set.of();
  }

  @Override
  public String label() {
    return "harden";
  }

  @Override
  public boolean takesRest() {
    return false;
  }

  /** It is about none as a whole. */
  @Override
  public boolean names(List<String> names, int layer, int bit) {
    return false;
  }

  @Override
  public Part of(Set<String> layers, Set<Integer> bits) {
    throw new IllegalStateException("its cells are those of its file");
  }

  /**
   * Adds its cells of a network to some.
   *
   * @param protection that it is a part of, no cell of which may be hardened twice
   * @throws IllegalArgumentException that names file and line, if the network lacks one
   */
  void addTo(CellSet held, Protection protection, CellList.Shape network) {
    var its =
        cells.orElseThrow(() -> new IllegalStateException(path + ": this file has not been read"));
    its.forEach(
        network,
        (layer, weight, bit) -> {
          if (protection.isHardened(network.names(), layer, bit)) {
            throw new IllegalArgumentException(
                "is hardened by another part of the protection, too");
          }
          if (!held.add(layer, weight, bit)) {
            throw new IllegalArgumentException("is here a second time");
          }
        });
  }

  /** What messages call it. */
  @Override
  public String toString() {
    return Text.of("harden: {cells: %s}", path);
  }
}
