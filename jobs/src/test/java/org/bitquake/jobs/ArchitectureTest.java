package org.bitquake.jobs;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The command line sits on what does the work, which sits on what all fault injection shares, which
 * sits on tables, configuration, console. Every package has its place.
 */
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
              "..jobs.inspect..",
              "..jobs.draft..",
              "..jobs.faultmap..",
              "..jobs.figure..",
              "..jobs.report..")
          .layer("faults")
          .definedBy("..jobs.trial..", "..jobs.injection..")
          .layer("base")
          .definedBy(
              "..jobs.store..",
              "..jobs.config..",
              "..jobs.console..",
              "..jobs.monitor..",
              "..jobs.session..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("work")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("faults")
          .mayOnlyBeAccessedByLayers("cli", "work")
          .whereLayer("base")
          .mayOnlyBeAccessedByLayers("cli", "work", "faults")
          .ensureAllClassesAreContainedInArchitecture();

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("org.bitquake.jobs.(*)..").should().beFreeOfCycles();
}
