package org.bitquake.jobs.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake completion}: what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Prints a script that teaches a shell to complete bitquake's commands, options and values, "
          + "however the program is called: bitquake, submit/bitquake or with its whole path.",
      "Keep it in a file that ~/.bashrc or ~/.zshrc reads: . ~/.bitquake-completion"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake completion bash > ~/.bitquake-completion",
      "  bitquake completion zsh > ~/.bitquake-completion"
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells there is a script for: one for both, which asks where it is. */
  private enum Shell {
    BASH,
    ZSH;

    /** As people type it, for the completion of this very command. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell;

  @Override
  public Integer call() {
    var root = spec.root();
    var out = spec.commandLine().getOut();
    out.print(bash(root).replaceFirst("^#!.*bash", "#!/usr/bin/env " + shell));
    out.flush();
    return ExitCode.DONE;
  }

  /** picocli numbers the script's variables with the digits of the default locale. */
  private static String bash(CommandSpec root) {
    var before = Locale.getDefault();
    Locale.setDefault(Locale.ROOT);
    try {
      return AutoComplete.bash(root.name(), root.commandLine());
    } finally {
      Locale.setDefault(before);
    }
  }
}
