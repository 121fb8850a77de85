package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.bitquake.jobs.docs.Document;
import org.bitquake.jobs.docs.Documents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every command in a document could be run: its options are there, and the files that it names. */
class DocumentedCommandsTest {
  private static final String LAUNCHER = "submit/bitquake ";
  private static final Pattern PROGRAM = Pattern.compile("(submit/)?bitquake (?<rest>[a-z-].*)");
  private static final Pattern OPTION = Pattern.compile("(?<name>--[a-z][a-z-]*)([ =].*)?");
  private static final Pattern OURS = Pattern.compile("(conf|notebooks|submit)/(?!target/).*");

  /** The launcher's, Java's, and those of Spark that documents speak of. */
  private static final Set<String> OTHERS =
      Set.of(
          "--dry-run",
          "--add-modules",
          "--add-opens",
          "--conf",
          "--deploy-mode",
          "--driver-memory",
          "--master",
          "--num-executors",
          "--packages",
          "--properties-file");

  static List<Path> documents() throws IOException {
    return Documents.all();
  }

  /** Lines of blocks, as a shell gets them. */
  private static List<String> lines(Document document) {
    return document.blocks().stream()
        .flatMap(Document.Block::lines)
        .map(line -> line.startsWith("$ ") ? line.substring(2) : line)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyCommandParses(Path document) throws IOException {
    for (String line : lines(Documents.read(document))) {
      if (line.startsWith(LAUNCHER)) {
        parse(line.substring(LAUNCHER.length()));
      }
    }
  }

  /** Within a sentence arguments may be left out. */
  @ParameterizedTest
  @MethodSource("documents")
  void everyMentionOfACommandParsesAsFarAsItGoes(Path document) throws IOException {
    for (String code : Documents.read(document).code()) {
      var program = PROGRAM.matcher(code);
      if (program.matches()) {
        parseBeginning(program.group("rest"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyOptionNamedIsThere(Path document) throws IOException {
    var known = options(Main.commandLine()).collect(Collectors.toSet());
    known.addAll(OTHERS);
    for (String code : Documents.read(document).code()) {
      var option = OPTION.matcher(code);
      if (option.matches()) {
        assertThat(known).as("%s: %s", document, code).contains(option.group("name"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void filesOfThisRepositoryInCommandsAreThere(Path document) throws IOException {
    String text = Files.readString(Documents.ROOT.resolve(document));
    lines(Documents.read(document)).stream()
        .filter(line -> line.startsWith("submit/") || line.contains(" submit/"))
        .map(ShellWords::of)
        .flatMap(Collection::stream)
        .filter(OURS.asMatchPredicate())
        .filter(Predicate.not(word -> word.contains("*")))
        .filter(word -> !text.contains(Text.of("as `%s`", word))) // the reader is to write it
        .forEach(word -> assertThat(Documents.ROOT.resolve(word)).as("in %s", document).exists());
  }

  @Test
  void thereAreCommandsToLookAt() throws IOException {
    var readme = Documents.read(Path.of("README.md"));
    assertThat(lines(readme)).contains("submit/bitquake campaign conf/lenet5.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "campain conf/lenet5.yaml",
        "campaign conf/lenet5.yaml --gone",
        "sql --gone --results results/lenet5",
        "sql \"SELECT 1\"",
        "bench --only nothing"
      })
  void wrongCommandsAreFound(String command) {
    assertThatThrownBy(() -> parse(command)).isInstanceOf(CommandLine.ParameterException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"campain", "campaign --gone", "sql --gone", "plan --cores many"})
  void wrongMentionsAreFound(String command) {
    assertThatThrownBy(() -> parseBeginning(command))
        .isInstanceOf(CommandLine.ParameterException.class);
  }

  private static void parse(String command) {
    Main.commandLine().parseArgs(ShellWords.ofProgram(command).toArray(String[]::new));
  }

  private static void parseBeginning(String command) {
    try {
      parse(command);
    } catch (MissingParameterException e) {
      var unknown = e.getCommandLine().getUnmatchedArguments();
      if (!unknown.isEmpty()) {
        throw new UnmatchedArgumentException(e.getCommandLine(), unknown);
      }
    }
  }

  /** Names of the options of a command and its own. */
  private static Stream<String> options(CommandLine command) {
    return Stream.concat(
        command.getCommandSpec().options().stream().flatMap(o -> Stream.of(o.names())),
        command.getSubcommands().values().stream().flatMap(DocumentedCommandsTest::options));
  }
}
