package org.bitquake.protect.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.protect.Part;
import org.bitquake.protect.Protection;
import org.junit.jupiter.api.Test;

/** Designs: what they protect, what they cost, and how people read them. */
class DesignSpaceTest {
  private static final int HARDEN = 0;
  private static final int SECDED = 1;

  /** Words of 8 weights: 10 in the first layer, 50 in the second. */
  private static final DesignSpace SPACE =
      SimulatedMemory.space(
          List.of(Encoding.TWOS_COMPLEMENT, Encoding.GRAY),
          List.of(SimulatedMemory.HARDEN, SimulatedMemory.SECDED),
          4,
          80,
          400);

  private static final Design BARE = SPACE.bare(Encoding.TWOS_COMPLEMENT);

  @Test
  void partsAreOfLayersThatAreAlike() {
    var both = BARE.with(0, 3, HARDEN).with(1, 3, HARDEN).with(1, 0, SECDED).with(1, 1, SECDED);
    assertEquals(
        new Protection(
            "x",
            List.of(
                new Part.Harden(Set.of("a", "b"), Set.of(3), 1.33),
                SimulatedMemory.SECDED.of(Set.of("b"), Set.of(0, 1)))),
        SPACE.protection(both, "x"));
    assertEquals("harden all:3 + secded-32 b:01", SPACE.text(both));
  }

  /** Hardened cells by what they are larger, check cells by themselves; both by hand. */
  @Test
  void costsAddUp() {
    var design = BARE.with(0, 3, HARDEN);
    for (int bit = 0; bit < 4; bit++) {
      design = design.with(1, bit, SECDED);
    }
    var cost = SPACE.cost(design);
    assertEquals(480 * 4, cost.dataCells());
    assertEquals(50 * 7, cost.checkCells()); // (39, 32)
    assertEquals(80, cost.hardenedCells());
    assertEquals((350 + 80 * 0.33) / 1920, cost.area(), 1e-12);
    assertEquals("harden a:3 + secded-32 b", SPACE.text(design));
  }

  /**
   * By column, 5 cells for each column of weights; of 4 words of 8 weights the first layer has 2.
   */
  @Test
  void remappedColumnsAreCalledSoAndCostTheirChoices() {
    var space =
        SimulatedMemory.space(
            List.of(Encoding.GRAY),
            List.of(
                new Part.Remap(Set.of(), Part.Remap.By.WEIGHT),
                new Part.Remap(Set.of(), Part.Remap.By.COLUMN)),
            4,
            9,
            400);
    var bare = space.bare(Encoding.GRAY);
    var design = bare.with(0, 0, 4, 1).with(1, 0, 4, 0);
    assertEquals("remap b + remap-column a", space.text(design));
    assertEquals(9 * 5, space.cost(design).checkCells());
    assertEquals(32 * 5, space.cost(bare.with(1, 0, 4, 1)).checkCells());
    assertEquals(0, space.cost(bare.with(1, 0, 4, 0)).checkCells());
  }

  @Test
  void nothingIsNone() {
    assertTrue(SPACE.isBare(BARE));
    assertEquals("none", SPACE.text(BARE));
    assertEquals(List.of(), SPACE.protection(BARE, "none").parts());
    assertEquals(0, SPACE.cost(BARE).area());
  }

  @Test
  void aDiagnosisSaysWhatItLooksAt() {
    var spared = BARE.withRest(DesignSpace.SPARED);
    var one = spared.with(0, 2, Design.NONE);
    assertTrue(SPACE.isDiagnosis(one));
    assertFalse(SPACE.isPerfect(one));
    assertTrue(SPACE.isPerfect(spared));
    assertEquals("only a:2", SPACE.text(one));
    var coded = spared.with(0, 3, Design.NONE);
    for (int bit = 0; bit < 3; bit++) {
      coded = coded.with(0, bit, SECDED);
    }
    assertEquals("only a with secded-32 a:012", SPACE.text(coded));
  }

  /** Only hard cells cannot fail, and only those that may fail at all need to be. */
  @Test
  void whatCannotFailIsPerfect() {
    assertTrue(SPACE.isPerfect(BARE.withRest(HARDEN)));
    assertFalse(SPACE.isPerfect(BARE.withRest(SECDED)));
    var narrow =
        new DesignSpace(
            SPACE.layers(),
            SPACE.memory(),
            new FaultScope(Set.of(1), Set.of(3)),
            SPACE.encodings(),
            SPACE.techniques(),
            1);
    assertFalse(narrow.isPerfect(BARE.with(0, 3, HARDEN)));
    assertTrue(narrow.isPerfect(BARE.with(1, 3, HARDEN)));
  }

  @Test
  void designsAreWhatTheyProtect() {
    assertEquals(BARE.with(0, 1, HARDEN).with(0, 1, Design.NONE), BARE);
    assertEquals(BARE.with(0, 1, HARDEN).hashCode(), BARE.with(0, 1, HARDEN).hashCode());
    assertNotEquals(BARE, SPACE.bare(Encoding.GRAY));
    assertNotEquals(BARE.with(0, 1, HARDEN), BARE.with(1, 1, HARDEN));
  }
}
