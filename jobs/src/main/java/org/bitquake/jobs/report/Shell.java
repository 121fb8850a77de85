package org.bitquake.jobs.report;

/** Words of command lines. */
final class Shell {
  private Shell() {}

  /** A word that a POSIX shell reads as this text. */
  static String quoted(String text) {
    return text.matches("[\\w./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
