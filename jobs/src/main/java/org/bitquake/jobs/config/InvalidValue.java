package org.bitquake.jobs.config;

/**
 * Thrown by the compact constructor of a configuration record: the value of one key is wrong.
 * {@link Yaml} adds the file, the line and the path of the record.
 */
public final class InvalidValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /**
   * @param key path of the value inside the record, such as {@code rates[2]}
   * @param message what is wrong and what would be right
   */
  public InvalidValue(String key, String message) {
    super(message);
    this.key = key;
  }

  /** Path of the value inside the record. */
  public String key() {
    return key;
  }
}
