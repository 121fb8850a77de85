package org.bitquake.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.network.QuantizedNetwork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks the engine for a network: of those that run in this process, passed their known-answer test
 * and can do the network, the one that should be fastest. Which one it is never changes a result.
 *
 * <p>The system property {@code bitquake.engine} names one to use wherever it can run the network.
 */
public final class Engines {
  /** System property with the name of the engine to use. */
  public static final String PROPERTY = "bitquake.engine";

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private Engines() {}

  /** Whether an engine can be used in this process. */
  public record Status(EngineProvider provider, Optional<String> obstacle) {
    public boolean usable() {
      return obstacle.isEmpty();
    }
  }

  /** Checked once per process. */
  private static final class Checked {
    static final List<Status> ALL = check();

    private static List<Status> check() {
      var all = new ArrayList<Status>();
      for (var provider :
          ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader())) {
        Optional<String> obstacle = obstacle(provider);
        obstacle.ifPresent(why -> LOG.info("engine {} is not used: {}", provider.name(), why));
        all.add(new Status(provider, obstacle));
      }
      return List.copyOf(all);
    }

    private static Optional<String> obstacle(EngineProvider provider) {
      try {
        return provider.unavailable().or(() -> KnownAnswers.failure(provider));
      } catch (RuntimeException | LinkageError e) {
        return Optional.of("it failed at start: " + e);
      }
    }
  }

  /** All engines known, usable or not. */
  public static List<Status> all() {
    return Checked.ALL;
  }

  /** The fastest engine that can run this network on this machine, with its own weights loaded. */
  public static Engine prepare(QuantizedNetwork network) {
    var able = new ArrayList<EngineProvider>();
    var reasons = new ArrayList<String>();
    for (var status : all()) {
      String name = status.provider().name();
      Optional<String> why = status.obstacle().or(() -> status.provider().unsupported(network));
      why.ifPresentOrElse(w -> reasons.add(name + ": " + w), () -> able.add(status.provider()));
    }
    if (able.isEmpty()) {
      throw new IllegalStateException("no engine works here: " + String.join("; ", reasons));
    }
    able.sort(Comparator.comparingDouble(provider -> provider.nanosPerImage(network)));
    var chosen = asked().flatMap(name -> named(able, name)).orElseGet(() -> able.get(0));
    log(network, chosen, able, reasons);
    return chosen.prepare(network);
  }

  private static Optional<String> asked() {
    var asked = Optional.ofNullable(System.getProperty(PROPERTY)).filter(name -> !name.isEmpty());
    asked.ifPresent(Engines::requireKnown);
    return asked;
  }

  /**
   * Checks the name of an engine.
   *
   * @throws InputException if there is none of this name
   */
  public static void requireKnown(String name) {
    var names = all().stream().map(status -> status.provider().name()).toList();
    if (!names.contains(name)) {
      throw new InputException(
          "no engine \"%s\"; there are %s".formatted(name, String.join(", ", names)));
    }
  }

  private static Optional<EngineProvider> named(List<EngineProvider> able, String name) {
    return able.stream().filter(provider -> provider.name().equals(name)).findFirst();
  }

  private static void log(
      QuantizedNetwork network,
      EngineProvider chosen,
      List<EngineProvider> able,
      List<String> reasons) {
    if (LOG.isInfoEnabled() && LOGGED.add(network.name() + " " + chosen.name())) {
      String estimates =
          able.stream().map(p -> estimate(p, network)).collect(Collectors.joining(", "));
      LOG.info(
          "network {} runs on engine {} (microseconds an image: {}){}",
          network.name(),
          chosen.name(),
          estimates,
          reasons.isEmpty() ? "" : "; not " + String.join("; not ", reasons));
    }
  }

  private static String estimate(EngineProvider provider, QuantizedNetwork network) {
    return String.format(
        Locale.ROOT, "%s %.1f", provider.name(), provider.nanosPerImage(network) / 1e3);
  }
}
