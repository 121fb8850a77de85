package org.bitquake.jobs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of configuration files. */
public enum ConfigKind {
  CAMPAIGN(CampaignConfig.class, "campaign"),
  SINGLE_FAULT(SingleFaultConfig.class, "campaign"),
  TRAIN(TrainConfig.class, "train"),
  LANDSCAPE(LandscapeConfig.class, "landscape"),
  CNVLUTIN(CnvlutinConfig.class, "cnvlutin"),
  PROTECT(ProtectConfig.class, "protect");

  private final Class<?> type;
  private final String command;

  ConfigKind(Class<?> type, String command) {
    this.type = type;
    this.command = command;
  }

  /** The one that people call so. */
  public static Optional<ConfigKind> of(String name) {
    return Arrays.stream(values()).filter(kind -> kind.toString().equals(name)).findFirst();
  }

  /** The record that such a file fills. */
  public Class<?> type() {
    return type;
  }

  /** The command that reads such a file. */
  public String command() {
    return command;
  }

  /** All keys of such a file. */
  public List<ConfigKeys.Entry> keys() {
    return ConfigKeys.of(type);
  }

  /** Path of its JSON Schema inside the folder {@code conf}. */
  public String schema() {
    return "schema/" + this + ".json";
  }

  /** As people type it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
