package org.bitquake.jobs.cli;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Words of a command line in help and documents: quotes, but no other syntax of shells. */
final class ShellWords {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  /** Where the command ends for the shell, or for the launcher, which gives the rest to Spark. */
  private static final Set<String> ENDS = Set.of(">", "|", "&", "&&", ";", "#", "--");

  /** Said to the launcher, which keeps them. */
  private static final Set<String> LAUNCHERS = Set.of("--dry-run");

  private ShellWords() {}

  /** All words, unquoted. */
  static List<String> of(String line) {
    return WORD.matcher(line).results().map(ShellWords::text).toList();
  }

  /** What the program gets: without redirections, comments, and the options of Spark. */
  static List<String> ofProgram(String line) {
    return WORD.matcher(line)
        .results()
        .takeWhile(word -> !ENDS.contains(word.group()))
        .map(ShellWords::text)
        .filter(word -> !LAUNCHERS.contains(word))
        .toList();
  }

  private static String text(MatchResult word) {
    if (word.group(1) != null) {
      return word.group(1);
    }
    return word.group(2) != null ? word.group(2) : word.group(3);
  }
}
