package org.bitquake.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;
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
  private static final Map<String, Status> STATUS = new ConcurrentHashMap<>();
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private Engines() {}

  /** Whether an engine can be used in this process. */
  public record Status(EngineProvider provider, Optional<String> obstacle) {
    public boolean usable() {
      return obstacle.isEmpty();
    }
  }

  private static final class Providers {
    static final List<EngineProvider> ALL =
        ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  /** All engines known, usable or not; each is checked once per process. */
  public static List<Status> all() {
    return Providers.ALL.stream().map(Engines::status).toList();
  }

  private static Status status(EngineProvider provider) {
    return STATUS.computeIfAbsent(
        provider.name(),
        name -> {
          Optional<String> obstacle = obstacle(provider);
          obstacle.ifPresent(why -> LOG.info("engine {} is not used: {}", name, why));
          return new Status(provider, obstacle);
        });
  }

  private static Optional<String> obstacle(EngineProvider provider) {
    try {
      return provider.unavailable().or(() -> KnownAnswers.failure(provider));
    } catch (RuntimeException | LinkageError e) {
      return Optional.of("it failed at start: " + e);
    }
  }

  /**
   * The fastest engine that can run this network on this machine, with its own weights loaded.
   * Engines that would be slower are not even started.
   */
  public static Engine prepare(QuantizedNetwork network) {
    Optional<String> asked = asked();
    var order = new ArrayList<>(Providers.ALL);
    order.sort(
        Comparator.<EngineProvider>comparingInt(
                p -> asked.filter(p.name()::equals).isPresent() ? 0 : 1)
            .thenComparingDouble(p -> p.nanosPerImage(network)));
    var reasons = new ArrayList<String>();
    for (var provider : order) {
      var obstacle = status(provider).obstacle().or(() -> provider.unsupported(network));
      if (obstacle.isEmpty()) {
        log(network, provider, order, reasons);
        return provider.prepare(network);
      }
      reasons.add(provider.name() + ": " + obstacle.get());
    }
    throw new IllegalStateException("no engine works here: " + String.join("; ", reasons));
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
    var names = Providers.ALL.stream().map(EngineProvider::name).toList();
    if (!names.contains(name)) {
      throw new InputException(
          Text.of("no engine \"%s\"; there are %s", name, String.join(", ", names)));
    }
  }

  private static void log(
      QuantizedNetwork network,
      EngineProvider chosen,
      List<EngineProvider> order,
      List<String> reasons) {
    if (LOG.isInfoEnabled() && LOGGED.add(network.name() + " " + chosen.name())) {
      String estimates =
          order.stream().map(p -> estimate(p, network)).collect(Collectors.joining(", "));
      LOG.info(
          "network {} runs on engine {} (estimated microseconds an image: {}){}",
          network.name(),
          chosen.name(),
          estimates,
          reasons.isEmpty() ? "" : "; not " + String.join("; not ", reasons));
    }
  }

  private static String estimate(EngineProvider provider, QuantizedNetwork network) {
    return Text.of("%s %.1f", provider.name(), provider.nanosPerImage(network) / 1e3);
  }
}
