package org.bitquake.jobs;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The command line sits on what does the work, which sits on tables, configuration, console. */
@AnalyzeClasses(
    packages = "org.bitquake.jobs",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("..jobs.cli..")
          .layer("work")
          .definedBy(
              "..jobs.campaign..",
              "..jobs.landscape..",
              "..jobs.singlefault..",
              "..jobs.replay..",
              "..jobs.verify..",
              "..jobs.plan..",
              "..jobs.train..",
              "..jobs.cnvlutin..",
              "..jobs.data..",
              "..jobs.sql..",
              "..jobs.doctor..",
              "..jobs.draft..",
              "..jobs.figure..",
              "..jobs.report..")
          .layer("base")
          .definedBy(
              "..jobs.store..",
              "..jobs.config..",
              "..jobs.console..",
              "..jobs.monitor..",
              "..jobs.session..")
          .withOptionalLayers(true)
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("work")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("base")
          .mayOnlyBeAccessedByLayers("cli", "work");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("org.bitquake.jobs.(*)..").should().beFreeOfCycles();
}
