package org.bitquake.protect.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bitquake.fault.Encoding;
import org.bitquake.protect.search.Front.Option;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The front against all combinations of options. */
class FrontTest {
  private static final int LAYERS = 4;
  private static final int OPTIONS = 5;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nothingBeatsItByMoreThanItsResolution(long seed) {
    var random = new SplittableRandom(seed);
    var space =
        SimulatedMemory.space(
            List.of(Encoding.GRAY), List.of(SimulatedMemory.HARDEN), OPTIONS - 1, 1, 2, 3, 4);
    var bare = space.bare(Encoding.GRAY);
    List<List<Option>> options = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      List<Option> its = new ArrayList<>();
      double most = random.nextDouble();
      for (int i = 0; i < OPTIONS; i++) {
        var design = bare;
        for (int bit = 0; bit < i; bit++) {
          design = design.with(layer, bit, 0);
        }
        its.add(new Option(design, i == 0 ? 0 : random.nextDouble(), most / (1 + i)));
      }
      options.add(its);
    }
    var front = Front.of(bare, options);
    double all = options.stream().mapToDouble(its -> its.get(0).harm()).sum();
    double slack = LAYERS * all / 4096;
    for (int combination = 0; combination < Math.pow(OPTIONS, LAYERS); combination++) {
      double area = 0;
      double harm = 0;
      for (int layer = 0, rest = combination; layer < LAYERS; layer++, rest /= OPTIONS) {
        area += options.get(layer).get(rest % OPTIONS).area();
        harm += options.get(layer).get(rest % OPTIONS).harm();
      }
      var point = front.points().get(front.at(harm + slack));
      assertTrue(point.harm() <= harm + slack + 1e-12, "a point of little harm");
      assertTrue(point.area() <= area + 1e-12, "and none cheaper");
    }
    for (int i = 1; i < front.points().size(); i++) {
      assertTrue(front.points().get(i).area() >= front.points().get(i - 1).area());
      assertTrue(front.points().get(i).harm() < front.points().get(i - 1).harm());
    }
    assertEquals(0, front.points().get(0).area());
  }
}
