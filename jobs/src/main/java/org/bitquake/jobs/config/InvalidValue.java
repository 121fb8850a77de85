package org.bitquake.jobs.config;

/**
 * Thrown by the compact constructor of a configuration record: the value of one key is wrong.
 * {@link Yaml} adds the file, the line and the path of the record.
 */
public final class InvalidValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final boolean missing;

  /**
   * @param key path of the value inside the record, such as {@code rates[2]}
   * @param message what is wrong and what would be right
   */
  public InvalidValue(String key, String message) {
    this(key, message, false);
  }

  private InvalidValue(String key, String message, boolean missing) {
    super(message);
    this.key = key;
    this.missing = missing;
  }

  /** A key is missing, which may be left out only where others say something. */
  public static InvalidValue missing(String key) {
    return new InvalidValue(key, "missing", true);
  }

  /** Whether the key is missing, rather than its value wrong. */
  boolean isMissing() {
    return missing;
  }

  /** Path of the value inside the record. */
  public String key() {
    return key;
  }
}
