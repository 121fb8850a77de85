package org.bitquake.protect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultMap;

/** Memory with check bits, word by word and bit by bit: what {@link ProtectedMemory} must do. */
final class NaiveProtection {
  private final ProtectedLayout layout;
  private final List<Part> parts;
  private final List<String> names;
  private final Encoding encoding;
  private final CellEffect effect;

  NaiveProtection(
      ProtectedLayout layout,
      List<Part> parts,
      List<String> names,
      Encoding encoding,
      CellEffect effect) {
    this.layout = layout;
    this.parts = parts;
    this.names = names;
    this.encoding = encoding;
    this.effect = effect;
  }

  /** The codes that are read; {@code checks} may be null. */
  byte[][] read(FaultMap data, FaultMap checks, double rate, byte[][] pristine) {
    Set<List<Integer>> faultyChecks = new HashSet<>();
    if (checks != null) {
      checks.sites(rate).forEach(site -> faultyChecks.add(List.of(site.layer(), site.weight())));
    }
    byte[][] codes = new byte[pristine.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      codes[layer] = layer(layer, data, faultyChecks, rate, pristine[layer]);
    }
    return codes;
  }

  private byte[] layer(
      int layer, FaultMap data, Set<List<Integer>> faultyChecks, double rate, byte[] pristine) {
    int bits = layout.data().bits()[layer];
    boolean[] written = new boolean[pristine.length * bits];
    for (int i = 0; i < written.length; i++) {
      written[i] = (encoding.encode(pristine[i / bits], bits) >> i % bits & 1) != 0;
    }
    boolean[] read = written.clone();
    for (var site : data.sites(rate)) {
      if (site.layer() == layer) {
        int at = site.weight() * bits + site.bit();
        read[at] = effect.apply(written[at] ? 1 : 0, 1, 1, 0, 0) != 0;
      }
    }
    boolean[] zero = new boolean[pristine.length];
    boolean[] decoded = read.clone();
    int perWord = layout.data().codesPerWord(layer);
    for (int word = 0; word < layout.data().words(layer); word++) {
      int check = 0;
      for (var part : parts) {
        if (part instanceof Part.Checked its) {
          for (int first = 0; first < layout.data().storage().word(); first += its.word()) {
            List<Integer> positions = positions(layer, its, first, perWord * bits, bits);
            if (!positions.isEmpty()) {
              var code = its.code().of(positions.size());
              boolean gaveUp =
                  decode(
                      layer,
                      word,
                      check,
                      code,
                      positions,
                      word * perWord * bits,
                      written,
                      read,
                      decoded,
                      faultyChecks);
              check += code.checkBits();
              for (int position : positions) {
                int weight = word * perWord + position / bits;
                if (gaveUp && its.onError() == Part.OnError.ZERO && weight < zero.length) {
                  zero[weight] = true;
                }
              }
            }
          }
        }
      }
    }
    byte[] codes = new byte[pristine.length];
    for (int weight = 0; weight < codes.length; weight++) {
      int cells = 0;
      for (int bit = 0; bit < bits; bit++) {
        cells |= decoded[weight * bits + bit] ? 1 << bit : 0;
      }
      codes[weight] = zero[weight] ? 0 : (byte) encoding.decode(cells, bits);
    }
    return codes;
  }

  /** Bits of the memory's word that belong to a part's word which begins at one of them. */
  private List<Integer> positions(int layer, Part.Checked part, int first, int used, int bits) {
    List<Integer> positions = new ArrayList<>();
    for (int at = first; at < Math.min(first + part.word(), used); at++) {
      Part owner = null;
      for (var its : parts) {
        if (its instanceof HardenedCells) {
          continue; // codes do not look at it
        }
        boolean about = its.layers().isEmpty() || its.layers().contains(names.get(layer));
        boolean rest = its instanceof Part.Checked && its.bits().isEmpty();
        boolean named = its.bits().contains(at % bits) || (its.bits().isEmpty() && !rest);
        if (about && (named || (rest && owner == null))) {
          owner = its;
        }
      }
      if (owner == part) {
        positions.add(at);
      }
    }
    return positions;
  }

  private boolean decode(
      int layer,
      int word,
      int firstCheck,
      LinearCode code,
      List<Integer> positions,
      int firstBit,
      boolean[] written,
      boolean[] read,
      boolean[] decoded,
      Set<List<Integer>> faultyChecks) {
    long stored = 0;
    int syndrome = 0;
    for (int i = 0; i < positions.size(); i++) {
      int at = firstBit + positions.get(i);
      if (at < written.length) {
        stored |= written[at] ? 1L << i : 0;
        syndrome ^= written[at] != read[at] ? code.column(i) : 0;
      }
    }
    int columns = layout.checkColumns().orElseThrow().storage().word();
    for (int check = 0; check < code.checkBits(); check++) {
      if (faultyChecks.contains(List.of(layer, word * columns + firstCheck + check))) {
        int bit = code.encode(stored) >> check & 1;
        syndrome ^= effect.apply(bit, 1, 1, 0, 0) != bit ? 1 << check : 0;
      }
    }
    for (int i = 0; i < positions.size(); i++) {
      int at = firstBit + positions.get(i);
      if (at < written.length) {
        decoded[at] ^= (code.flips(syndrome) >> i & 1) != 0;
      }
    }
    return code.isDetected(syndrome);
  }
}
