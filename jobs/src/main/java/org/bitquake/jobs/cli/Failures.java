package org.bitquake.jobs.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.bitquake.BuildInfo;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.session.MemoryShortage;
import org.bitquake.jobs.sql.SqlErrors;
import org.bitquake.jobs.store.Refusal;
import org.bitquake.jobs.store.StoppedException;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line for what the user got wrong, a stack trace for what we did. */
final class Failures {
  private Failures() {}

  static int parameters(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var unknown = command.getUnmatchedArguments();
    if (e instanceof MissingParameterException && !unknown.isEmpty()) {
      // The misspelt option is why another is missing.
      return parameters(new UnmatchedArgumentException(command, unknown), args);
    }
    String name = command.getCommandSpec().qualifiedName();
    line(command.getErr(), Text.of("%s%s (see %s --help)", e.getMessage(), suggestion(e), name));
    return ExitCode.WRONG_INPUT;
  }

  static int execution(Exception e, CommandLine command, ParseResult parsed) {
    if (isShuttingDown()) {
      // Spark stops under the command's feet; what it throws then tells nothing, Main has said it.
      return ExitCode.BUG; // not seen: the signal decides the exit code
    }
    if (e instanceof StoppedException) {
      line(command.getErr(), e.getMessage());
      return ExitCode.STOPPED;
    }
    var wrong = SqlErrors.userError(e);
    if (wrong.isPresent()) {
      line(command.getErr(), wrong.map(InputException::getMessage).orElseThrow());
      return ExitCode.WRONG_INPUT;
    }
    var refusal = Refusal.behind(e);
    if (refusal.isPresent()) {
      line(
          command.getErr(),
          Text.of("a file cannot be written: %s; %s", refusal.get(), Refusal.fix()));
      return ExitCode.WRONG_INPUT;
    }
    var shortage = MemoryShortage.behind(e);
    if (shortage.isPresent()) {
      line(command.getErr(), shortage.get());
      return ExitCode.WRONG_INPUT;
    }
    e.printStackTrace(command.getErr());
    command
        .getErr()
        .printf(
            Locale.ROOT,
            "bitquake %s: this is a bug. Please report it with the lines above and the command.%n",
            BuildInfo.version());
    return ExitCode.BUG;
  }

  /** Whether a signal (Ctrl-C, kill) is ending this process: no hook can be added any more then. */
  private static boolean isShuttingDown() {
    var probe = new Thread();
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static void line(PrintWriter err, String message) {
    err.println("bitquake: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }

  private static String suggestion(ParameterException e) {
    List<String> near =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    return near.isEmpty() ? "" : Text.of("; did you mean %s?", String.join(" or ", near));
  }
}
