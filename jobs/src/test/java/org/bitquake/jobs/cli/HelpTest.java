package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The help of every command ends in examples, and they are commands that could be run. */
class HelpTest {
  private static final String PROMPT = "  bitquake";

  /** The program, its commands, and theirs. */
  static Stream<String> commands() {
    return names(Main.commandLine()).stream();
  }

  private static List<String> names(CommandLine command) {
    List<String> names = new ArrayList<>(List.of(command.getCommandSpec().qualifiedName()));
    command.getSubcommands().values().forEach(sub -> names.addAll(names(sub)));
    return names;
  }

  private static CommandLine command(String qualifiedName) {
    var line = Main.commandLine();
    for (String name : qualifiedName.split(" ", -1)) {
      line = line.getSubcommands().getOrDefault(name, line);
    }
    return line;
  }

  /** The examples, one a line, without the prompt. */
  private static List<String> examples(CommandLine command) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    int head = Math.max(help.lastIndexOf("\nExample:"), help.lastIndexOf("\nExamples:"));
    assertThat(head).as("an example in the help of %s", command.getCommandName()).isPositive();
    String joined = help.substring(head).strip().replaceAll("\\\\\\R\\s*", "");
    return joined.lines().skip(1).toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpEndsInExamplesThatParse(String name) {
    var examples = examples(command(name));
    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      assertThat(example).startsWith(PROMPT);
      var parsed = Main.commandLine().parseArgs(words(example));
      var chain = parsed.asCommandLineList();
      String ran = chain.get(chain.size() - 1).getCommandSpec().qualifiedName();
      assertThat(ran).as(example).startsWith(name);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void filesOfThisRepositoryInExamplesAreThere(String name) {
    for (String example : examples(command(name))) {
      for (String word : words(example)) {
        if (word.matches("(conf|notebooks)/.*")) {
          assertThat(Path.of("..", word)).as(example).exists();
        }
      }
    }
  }

  private static String[] words(String example) {
    return ShellWords.ofProgram(example.substring(PROMPT.length())).toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionIsExplained(String name) {
    var spec = command(name).getCommandSpec();
    assertThat(spec.usageMessage().description()).isNotEmpty();
    for (var option : spec.options()) {
      assertThat(Arrays.asList(option.description())).as(option.longestName()).isNotEmpty();
    }
    for (var parameter : spec.positionalParameters()) {
      assertThat(Arrays.asList(parameter.description())).as(parameter.paramLabel()).isNotEmpty();
    }
  }
}
