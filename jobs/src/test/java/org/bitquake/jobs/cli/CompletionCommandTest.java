package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real shells complete with the scripts. */
class CompletionCommandTest {
  @TempDir Path folder;
  private Path bash;
  private Path zsh;

  @BeforeEach
  void write() throws IOException {
    bash = Files.writeString(folder.resolve("bash"), script("bash"));
    zsh = Files.writeString(folder.resolve("zsh"), script("zsh"));
  }

  private static String script(String shell) {
    var out = new StringWriter();
    var err = new StringWriter();
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), "completion", shell)).isZero();
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }

  /** What bash offers for a line whose last word is being typed. */
  private List<String> bashOffers(String line) throws Exception {
    String ask =
        """
        . "$1"
        compopt() { :; } # bash refuses it where nobody presses Tab
        read -r -a COMP_WORDS <<<"$2"
        case $2 in *' ') COMP_WORDS+=('') ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE=$2 COMP_POINT=${#2}
        function=$(complete -p bitquake)
        function=${function#*-F }
        "${function%% *}" bitquake "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    return run("bash", "--norc", "-c", ask, "bash", bash.toString(), line).lines().toList();
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @ParameterizedTest
  @CsvSource({
    "bitquake camp, campaign",
    "submit/bitquake doc, doctor",
    "bitquake data fe, fetch",
    "bitquake sql --form, --format",
    "bitquake campaign --output-m, --output-mode",
    "bitquake data fetch --for, --force",
    "bitquake completion z, zsh",
    "bitquake sql --format mark, markdown",
  })
  void bashCompletesCommandsOptionsAndValues(String line, String word) throws Exception {
    assertThat(bashOffers(line).stream().map(String::strip)).as(line).containsExactly(word);
  }

  @Test
  void bashOffersEveryCommand() throws Exception {
    assertThat(bashOffers("bitquake ").stream().map(String::strip))
        .containsAll(Main.commandLine().getSubcommands().keySet());
  }

  @Test
  void zshCompletesACommand() throws Exception {
    Assumptions.assumeTrue(hasZsh(), "zsh is not installed");
    String ask =
        """
        . "$1"
        words=(bitquake camp); CURRENT=2
        compadd() { print -l -- "$@"; }
        _bash_complete -F _complete_bitquake
        """;
    assertThat(run("zsh", "-f", "-c", ask, "zsh", zsh.toString())).contains("campaign");
  }

  private static boolean hasZsh() throws InterruptedException {
    try {
      return new ProcessBuilder("zsh", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
