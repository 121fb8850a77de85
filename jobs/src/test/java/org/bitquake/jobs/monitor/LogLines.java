package org.bitquake.jobs.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Keeps what a logger says at level INFO, until it is closed. */
public final class LogLines extends AbstractAppender implements AutoCloseable {
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Logger logger;
  private final Level before;

  private LogLines(String name) {
    super("lines of " + name, null, null, false, Property.EMPTY_ARRAY);
    logger = (Logger) LogManager.getLogger(name);
    before = logger.getLevel();
    start();
    logger.addAppender(this);
    logger.setLevel(Level.INFO);
  }

  public static LogLines of(String logger) {
    return new LogLines(logger);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void append(LogEvent event) {
    lines.add(event.getMessage().getFormattedMessage());
  }

  @Override
  public void close() {
    logger.setLevel(before);
    logger.removeAppender(this);
    stop();
  }
}
