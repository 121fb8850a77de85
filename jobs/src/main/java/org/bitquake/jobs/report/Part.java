package org.bitquake.jobs.report;

import java.util.ArrayList;
import java.util.List;

/** What a page says of one result directory. */
record Part(String name, Provenance provenance, List<Section> sections) {

  /**
   * The part of one directory.
   *
   * @param all directories of the page
   * @param page looks of all their networks
   */
  static Part of(Results results, List<Results> all, Styles page) {
    var styles = Styles.of(results, page);
    List<Section> sections = new ArrayList<>(new StudySections(results).all());
    sections.addAll(new CampaignSections(results, all, styles).all());
    new SingleFaultSection(results).section().ifPresent(sections::add);
    new CnvlutinSection(results, styles).section().ifPresent(sections::add);
    sections.addAll(new LandscapeSections(results, styles).all());
    results
        .ask("networks.sql", "networks")
        .map(
            answer ->
                new Section(
                    "Networks",
                    "What was tested, and how accurate it is without faults.",
                    List.of(Figure.table("The networks.", answer))))
        .ifPresent(sections::add);
    return new Part(results.name(), new Provenance(results), sections);
  }
}
