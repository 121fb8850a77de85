package org.bitquake.protect;

import java.util.List;
import org.bitquake.Text;

/**
 * What protects a memory: parts that have no cell in common.
 *
 * @param name in tables
 * @param parts none for no protection
 */
public record Protection(String name, List<Part> parts) {
  public static final Protection NONE = new Protection("none", List.of());

  public Protection {
    parts = List.copyOf(parts);
  }

  /**
   * The part of each cell of a layer's weights.
   *
   * @param names of all weight layers
   * @return position in {@link #parts} for each bit, or −1
   * @throws IllegalArgumentException if two parts name one cell
   */
  int[] partOf(List<String> names, int layer, int bits) {
    int[] part = new int[bits];
    for (int bit = 0; bit < bits; bit++) {
      part[bit] = named(names, layer, bit);
    }
    int rest = -1;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).takesRest() && parts.get(i).isAbout(names, layer)) {
        if (rest >= 0) {
          throw new IllegalArgumentException(
              Text.of(
                  "%s and %s both protect what is left of layer %s; give one of them bits or layers",
                  parts.get(rest).label(), parts.get(i).label(), names.get(layer)));
        }
        rest = i;
      }
    }
    for (int bit = 0; bit < bits; bit++) {
      part[bit] = part[bit] < 0 ? rest : part[bit];
    }
    return part;
  }

  private int named(List<String> names, int layer, int bit) {
    int part = -1;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).names(names, layer, bit)) {
        if (part >= 0) {
          throw new IllegalArgumentException(
              Text.of(
                  "%s and %s both protect bit %d of layer %s",
                  parts.get(part).label(), parts.get(i).label(), bit, names.get(layer)));
        }
        part = i;
      }
    }
    return part;
  }

  /** Whether it has to know, before weights are written, which cells are faulty and how. */
  public boolean needsStuckCells() {
    return parts.stream().anyMatch(Part.Remap.class::isInstance);
  }

  /** Whether a part hardens that bit of all weights of a layer. */
  boolean isHardened(List<String> names, int layer, int bit) {
    return parts.stream().anyMatch(p -> p instanceof Part.Harden && p.names(names, layer, bit));
  }

  /** The parts whose cells a file lists. */
  public List<HardenedCells> listed() {
    return parts.stream()
        .filter(HardenedCells.class::isInstance)
        .map(HardenedCells.class::cast)
        .toList();
  }

  /**
   * The same with what the files of {@link #listed} hold.
   *
   * @param read that of each, in their order
   */
  public Protection with(List<CellList> read) {
    var files = read.iterator();
    return new Protection(
        name,
        parts.stream()
            .map(part -> part instanceof HardenedCells its ? its.with(files.next()) : part)
            .toList());
  }
}
