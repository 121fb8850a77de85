package org.bitquake.jobs.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.launcher.JavaModuleOptions;
import org.bitquake.Text;
import org.bitquake.VectorModule;

/**
 * Java's version, and the options that it must be started with.
 *
 * @param version of this Java
 * @param home where it lies
 * @param closed packages of the JDK that Spark needs opened and that are not, {@code
 *     module/package}
 * @param noVectors why the Vector API cannot be loaded, if so
 */
record JavaCheck(
    Runtime.Version version, String home, List<String> closed, Optional<String> noVectors)
    implements Check {
  static final String SUBJECT = "Java";
  private static final int NEEDED = 17;
  private static final String OPENS = "--add-opens=";

  static JavaCheck here() {
    return new JavaCheck(
        Runtime.version(), System.getProperty("java.home"), closedHere(), VectorModule.missing());
  }

  @Override
  public List<Finding> look() {
    return List.of(java(), options(), vectors());
  }

  private Finding java() {
    String found = Text.of("%s in %s", version, home);
    return version.feature() == NEEDED
        ? Finding.ok(SUBJECT, found)
        : Finding.problem(
            SUBJECT,
            found + ": Spark 3.5 and bitquake need Java 17",
            "install a JDK 17 and set JAVA_HOME to it");
  }

  private Finding options() {
    String subject = "Java for Spark";
    return closed.isEmpty()
        ? Finding.ok(subject, "all packages that Spark needs are open")
        : Finding.problem(
            subject,
            "closed to Spark: " + String.join(", ", closed),
            "start commands with submit/bitquake or spark-submit, which add --add-opens for these");
  }

  private Finding vectors() {
    String subject = "Vector API";
    return noVectors
        .map(
            why ->
                Finding.warning(
                    subject,
                    why + ": the vector engine, the fastest for small networks, is not used",
                    "start commands with submit/bitquake, or add --add-modules=jdk.incubator.vector"
                        + " to Java's options"))
        .orElseGet(() -> Finding.ok(subject, "jdk.incubator.vector is loaded"));
  }

  private static List<String> closedHere() {
    return Arrays.stream(JavaModuleOptions.defaultModuleOptions().split(" "))
        .filter(option -> option.startsWith(OPENS))
        .map(option -> option.substring(OPENS.length(), option.indexOf('=', OPENS.length())))
        .filter(JavaCheck::isClosed)
        .toList();
  }

  private static boolean isClosed(String modulePackage) {
    String[] names = modulePackage.split("/", 2);
    return ModuleLayer.boot()
        .findModule(names[0])
        .filter(module -> !module.isOpen(names[1], JavaCheck.class.getModule()))
        .isPresent();
  }
}
