package org.bitquake.jobs.report;

import static j2html.TagCreator.*;

import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import j2html.tags.specialized.SectionTag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bitquake.BuildInfo;
import org.bitquake.Text;
import org.bitquake.jobs.figure.FigureSheet;
import org.bitquake.jobs.figure.Panel;

/**
 * The page as HTML: one file that needs nothing else, with one style sheet and one script, which
 * alone its content security policy lets in.
 */
final class PageHtml {
  /** Raised whenever the same tables give another page. */
  static final int FORMAT = 7;

  private static final String GENERATOR = "bitquake report";
  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");
  private static final String POLICY =
      Text.of(
          "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
          hash(STYLE), hash(SCRIPT));

  private final List<Part> parts;
  private final List<Section> together;
  private final String fingerprint;
  private int panels;
  private int sections;

  /**
   * A page.
   *
   * @param together what several parts say together
   * @param fingerprint of the tables
   */
  PageHtml(List<Part> parts, List<Section> together, String fingerprint) {
    this.parts = parts;
    this.together = together;
    this.fingerprint = fingerprint;
  }

  /** Whether a file that begins like this is such a page. */
  static boolean isReport(String head) {
    return head.startsWith("<!DOCTYPE html>") && head.contains("content=\"" + GENERATOR);
  }

  /** The whole file. */
  String page() {
    String title = String.join(", ", parts.stream().map(Part::name).toList());
    List<DomContent> content = new ArrayList<>();
    for (Part part : parts) {
      content.add(part(part));
    }
    if (!together.isEmpty()) {
      content.add(section(h2("All together"), each(together, this::chapter)).withClass("part"));
    }
    return document(
        html(
                head(
                    meta().withCharset("utf-8"),
                    meta().attr("http-equiv", "Content-Security-Policy").attr("content", POLICY),
                    meta().withName("generator").withContent(GENERATOR + " " + BuildInfo.version()),
                    meta().withName("fingerprint").withContent(fingerprint),
                    meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                    meta().withName("color-scheme").withContent("light dark"),
                    meta().withName("referrer").withContent("no-referrer"),
                    title(title + " – bitquake"),
                    style(rawHtml(STYLE))),
                body(
                    a("Skip to the results").withHref("#results").withClass("skip"),
                    header(h1(join(text("bitquake report: "), name(title))), navigation()),
                    main(each(content, c -> c)).withId("results"),
                    footer(
                        p(
                            join(
                                text("Made by bitquake " + BuildInfo.version() + " from "),
                                text("committed tables only. Methods: "),
                                a("arXiv 2406.10528").withHref("https://arxiv.org/abs/2406.10528"),
                                text(".")))),
                    div().withId("tip").attr("role", "status").attr("hidden"),
                    script(rawHtml(SCRIPT))))
            .withLang("en"));
  }

  /** The figures that can be files. */
  List<Report.FigureFile> figures() {
    var sections =
        Stream.concat(parts.stream().flatMap(p -> p.sections().stream()), together.stream());
    return sections
        .flatMap(section -> section.figures().stream())
        .flatMap(
            figure ->
                FigureSheet.of(figure.legend(), figure.panels()).stream()
                    .map(
                        sheet ->
                            new Report.FigureFile(
                                figure.answer().directory(), figure.answer().stem(), sheet)))
        .toList();
  }

  private static DomContent name(String name) {
    return tag("bdi").withText(name);
  }

  private DomContent navigation() {
    List<DomContent> groups = new ArrayList<>();
    int number = 0;
    for (Part part : parts) {
      groups.add(links(parts.size() > 1 ? part.name() : "", part.sections(), number));
      number += part.sections().size();
    }
    if (!together.isEmpty()) {
      groups.add(links("All together", together, number));
    }
    return nav(each(groups, g -> g)).attr("aria-label", "Sections");
  }

  /** Links to sections, the first of which comes after so many others. */
  private static DomContent links(String title, List<Section> sections, int before) {
    List<DomContent> links = new ArrayList<>();
    for (Section section : sections) {
      links.add(li(a(section.title()).withHref("#s" + (before + links.size() + 1))));
    }
    return div(iff(!title.isEmpty(), strong(name(title))), ul(each(links, l -> l)));
  }

  private DomContent part(Part part) {
    var head =
        h2(join(name(part.name()), span(" " + part.provenance().results().job()).withClass("job")));
    return section(head, each(part.sections(), this::chapter), origin(part.provenance()))
        .withClass("part");
  }

  private SectionTag chapter(Section section) {
    String id = "s" + ++sections;
    return section(
            h3(section.title()),
            p(section.lead()).withClass("lead"),
            each(section.figures(), this::illustration))
        .withId(id);
  }

  private FigureTag illustration(Figure figure) {
    boolean alone = figure.panels().isEmpty();
    var values = TableHtml.of(figure.answer(), figure.caption());
    return figure(
        figcaption(figure.caption()),
        iff(!figure.legend().isEmpty(), legend(figure.legend())),
        iff(!alone, div(each(figure.panels(), this::panel)).withClass("panels")),
        alone ? values : details(summary("Values"), values),
        details(
            summary("SQL"), p(code(command(figure.answer()))), copyable(figure.answer().sql())));
  }

  private static DomContent legend(List<Panel> items) {
    return ul(each(items, item -> li(rawHtml(item.markup("")), name(item.title()))))
        .withClass("legend");
  }

  private DomContent panel(Panel panel) {
    String unique = "f" + ++panels + "-";
    return div(
            iff(!panel.title().isEmpty(), h4(name(panel.title()))), rawHtml(panel.markup(unique)))
        .withClass("panel");
  }

  private static String command(Answer answer) {
    return PlainText.of(
        Text.of(
            "submit/bitquake sql --results %s --file notebooks/%s",
            Shell.quoted(answer.directory()), answer.notebook()));
  }

  private static DomContent copyable(String text) {
    return div(button("Copy").withType("button").withClass("copy"), pre(text).attr("tabindex", "0"))
        .withClass("copyable");
  }

  private static DomContent origin(Provenance provenance) {
    var command = provenance.command();
    List<DomContent> content = new ArrayList<>();
    content.add(h3("Provenance"));
    content.add(
        command.isPresent()
            ? p("The same tables, to the bit, with:")
            : p(
                "How these tables were asked for was not recorded by the bitquake that made them."));
    command.ifPresent(c -> content.add(copyable(c)));
    content.add(facts(provenance.facts()));
    var networks = provenance.networks();
    content.add(iff(!networks.isEmpty(), details(summary("Networks"), facts(networks))));
    provenance
        .configuration()
        .ifPresent(text -> content.add(details(summary("Configuration file"), copyable(text))));
    provenance
        .identity()
        .ifPresent(
            text -> content.add(details(summary("All that determines the rows"), copyable(text))));
    return section(each(content, c -> c)).withClass("provenance");
  }

  private static DomContent facts(Map<String, String> facts) {
    return div(dl(
            each(facts.entrySet(), fact -> div(dt(fact.getKey()), dd(name(fact.getValue()))))))
        .withClass("facts");
  }

  private static String hash(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(text.getBytes(StandardCharsets.UTF_8));
      return Text.of("sha256-%s", Base64.getEncoder().encodeToString(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (var in = PageHtml.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
