package org.bitquake.jobs.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What a page says of one result directory. */
record Part(String name, Provenance provenance, List<Section> sections) {

  /**
   * The part of one directory.
   *
   * @param all directories of the page
   * @param page looks of all their networks
   */
  static Part of(Results results, List<Results> all, Styles page) throws IOException {
    var styles = Styles.of(results, page);
    List<Callable<Optional<Section>>> sections = new ArrayList<>();
    if (results.isSearch()) { // its trials are of many designs, and make no curves
      sections.add(new SearchSection(results)::section);
      sections.add(new HarmSection(results)::section);
    } else {
      var campaign = new CampaignSections(results, all, styles);
      sections.addAll(campaign.accuracies());
      sections.addAll(new StudySections(results).all());
      sections.addAll(campaign.others());
      sections.add(new FaultModelSection(results)::section);
      sections.add(new EncodingSection(results, styles)::section);
      sections.add(new ProtectionSection(results, styles)::section);
      sections.add(new FaultMapSection(results)::section);
      sections.add(new SingleFaultSection(results)::section);
      sections.add(new CnvlutinSection(results, styles)::section);
      sections.addAll(new LandscapeSections(results, styles).all());
    }
    sections.add(() -> results.ask("networks.sql", "networks").map(Part::networks));
    var found = AtOnce.all(sections).stream().flatMap(Optional::stream).toList();
    return new Part(results.name(), new Provenance(results), found);
  }

  private static Section networks(Answer answer) {
    return new Section(
        "Networks",
        "What was tested, and how accurate it is without faults.",
        List.of(Figure.table("The networks.", answer)));
  }
}
