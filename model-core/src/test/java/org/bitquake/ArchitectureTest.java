package org.bitquake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.bitquake");

  @Test
  void sparkIsNotOnTheClassPath() {
    assertThatThrownBy(() -> Class.forName("org.apache.spark.SparkContext"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> Class.forName("org.apache.spark.sql.Row"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  /** Each line: a package, and those it may not know. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data -> singlefault quant network engine fault stats train landscape cnvlutin",
        "network -> singlefault engine fault stats train landscape cnvlutin",
        "engine -> singlefault fault stats train landscape cnvlutin",
        "memory -> singlefault data quant network engine fault stats train landscape cnvlutin",
        "lanes -> singlefault quant engine fault stats train landscape cnvlutin",
        "memory -> singlefault data quant network engine fault stats train landscape cnvlutin",
        "fault -> singlefault engine train landscape cnvlutin",
        "stats -> singlefault data quant network engine fault train landscape cnvlutin"
      })
  void packagesDependOneWay(String line) {
    String[] sides = line.split(" -> ", -1);
    String[] others =
        Stream.of(sides[1].split(" ", -1))
            .map(p -> "org.bitquake." + p + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("org.bitquake." + sides[0] + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.bitquake.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
