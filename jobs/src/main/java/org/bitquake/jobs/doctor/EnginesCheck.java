package org.bitquake.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bitquake.Text;
import org.bitquake.engine.Engines;

/**
 * Which engines run here, whether they agree to the bit, and how fast they are.
 *
 * @param engines with what keeps them from being used
 * @param asked the engine that {@code bitquake.engine} asks for
 * @param seconds of CPU time to measure each for
 */
record EnginesCheck(Supplier<List<Engines.Status>> engines, Optional<String> asked, double seconds)
    implements Check {
  private static final String REPORT =
      "report it as a bug with the processor's name; until then use another engine:"
          + " SPARK_SUBMIT_OPTS=-Dbitquake.engine=NAME";

  static EnginesCheck here(double seconds) {
    var asked = Optional.ofNullable(System.getProperty(Engines.PROPERTY)).filter(n -> !n.isEmpty());
    return new EnginesCheck(Engines::all, asked, seconds);
  }

  @Override
  public List<Finding> look() {
    var sample = new SampleNetwork();
    var all = engines.get();
    List<Finding> findings = new ArrayList<>();
    all.forEach(status -> findings.add(look(status, sample)));
    asked.ifPresent(name -> findings.add(asked(name, all)));
    if (all.stream().noneMatch(Engines.Status::usable)) {
      findings.add(
          Finding.problem("engines", "none can be used", "see the reasons given for each"));
    }
    return findings;
  }

  private Finding look(Engines.Status status, SampleNetwork sample) {
    String subject = "engine " + status.provider().name();
    var obstacle = status.obstacle().or(() -> status.provider().unsupported(sample.network()));
    if (obstacle.isPresent()) {
      return Finding.warning(
          subject,
          "not used: " + obstacle.get(),
          "remove that reason if you can; other engines give the same results, only slower");
    }
    try (var engine = status.provider().prepare(sample.network())) {
      if (!sample.isAnsweredBy(engine)) {
        return Finding.problem(subject, "gives other logits than the definitions", REPORT);
      }
      return Finding.ok(
          subject,
          Text.of(
              "exact; %,.0f images/s of LeNet-5 on one core",
              sample.imagesPerSecond(engine, seconds)));
    } catch (RuntimeException | LinkageError e) {
      return Finding.problem(subject, "fails: " + e, REPORT);
    }
  }

  private static Finding asked(String name, List<Engines.Status> all) {
    boolean usable = all.stream().anyMatch(s -> s.usable() && s.provider().name().equals(name));
    return usable
        ? Finding.warning(
            Engines.PROPERTY,
            Text.of("set to %s, which is used even where another is faster", name),
            Text.of("remove -D%s=%s unless you mean it", Engines.PROPERTY, name))
        : Finding.problem(
            Engines.PROPERTY,
            Text.of("set to %s, which is no engine that works here", name),
            Text.of("remove -D%s=%s", Engines.PROPERTY, name));
  }
}
