package org.bitquake.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code conf/log4j2.properties} shows what goes wrong. */
class LogFormatTest {
  private static final String LOST =
      "Lost task 1.0: java.io.IOException: No space left on device\n\tat a.B.c(B.java:1)\n\n";

  private final LoggerContext context = new LoggerContext("test");
  private Configuration configuration;

  @BeforeEach
  void load() {
    var source = ConfigurationSource.fromUri(Path.of("../conf/log4j2.properties").toUri());
    configuration = ConfigurationFactory.getInstance().getConfiguration(context, source);
    configuration.initialize();
  }

  @AfterEach
  void close() {
    context.close();
  }

  private String shown(String logger, String message, Throwable thrown) {
    var config = configuration.getLoggerConfig(logger);
    assertThat(config.getLevel()).isEqualTo(Level.WARN);
    assertThat(config.getAppenders()).hasSize(1);
    assertThat(config.isAdditive()).isFalse();
    var event =
        Log4jLogEvent.newBuilder()
            .setLoggerName(logger)
            .setLevel(Level.ERROR)
            .setMessage(new SimpleMessage(message))
            .setThrown(thrown)
            .build();
    var appender = config.getAppenders().values().iterator().next();
    return appender.getLayout().toSerializable(event).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.spark.SparkContext",
        "org.apache.spark.executor.Executor",
        "org.apache.spark.storage.BlockManagerStorageEndpoint",
        "org.apache.spark.scheduler.TaskSetManager",
        "org.apache.spark.sql.execution.datasources.FileFormatWriter",
        "org.apache.spark.network.client.TransportClientFactory",
        "org.apache.spark.deploy.client.StandaloneAppClient$ClientEndpoint"
      })
  void whatIsSaidAgainIsOneLineHere(String logger) {
    String name = logger.substring(logger.lastIndexOf('.') + 1);
    assertThat(shown(logger, LOST, null))
        .endsWith(
            " ERROR " + name + ": Lost task 1.0: java.io.IOException: No space left on device\n")
        .hasLineCount(1);
    assertThat(shown(logger, "Aborting", new IOException("full\nvery")))
        .endsWith(" ERROR " + name + ": Aborting: full\n")
        .hasLineCount(1);
  }

  @Test
  void otherFailuresKeepTheirStackTraces() {
    assertThat(shown("org.apache.spark.scheduler.DAGScheduler", "crash", new IOException("full")))
        .contains(" ERROR DAGScheduler: crash\njava.io.IOException: full\n\tat ");
  }
}
