package org.bitquake;

/**
 * The user's input is wrong: a configuration, a file, an argument.
 *
 * <p>The message is one line for people: what is wrong, where (file, line, key), what to do. The
 * command line prints it without a stack trace and exits with code 2.
 */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
