package org.bitquake.jobs.doctor;

import java.util.Optional;

/**
 * What a check has to say about one thing.
 *
 * @param subject what was looked at
 * @param mark how it is
 * @param found what was found, one line
 * @param fix what to do, a command or a sentence; there is one unless all is well
 */
public record Finding(String subject, Mark mark, String found, Optional<String> fix) {
  /** How something is. */
  public enum Mark {
    OK,
    /** Work can be done, but slower or not all of it. */
    WARNING,
    /** Work fails, or cannot be trusted. */
    PROBLEM
  }

  public Finding {
    subject = oneLine(subject);
    found = oneLine(found);
    fix = fix.map(Finding::oneLine);
    if (fix.isPresent() == (mark == Mark.OK)) {
      throw new IllegalArgumentException(
          subject + ": what is amiss has a fix, and what is well has none");
    }
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, Mark.OK, found, Optional.empty());
  }

  static Finding warning(String subject, String found, String fix) {
    return new Finding(subject, Mark.WARNING, found, Optional.of(fix));
  }

  static Finding problem(String subject, String found, String fix) {
    return new Finding(subject, Mark.PROBLEM, found, Optional.of(fix));
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
