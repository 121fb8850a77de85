package org.bitquake.jobs.figure;

import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGraphics2D;
import org.bitquake.Text;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/**
 * A chart as an {@code <svg>} element of a page: as wide as there is room, in the colours of the
 * page ({@code var(--ink)} and so on), with what each value says as the {@code <title>} of an
 * invisible target over it.
 */
final class InlineSvg {
  /** Stands before each identifier, for the page to put in what makes it unique. */
  static final String ID = "\uE000";

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final double LEAST_TARGET = 12;

  private InlineSvg() {}

  /** A place that says something when pointed at. */
  record Target(Rectangle2D area, String tip) {}

  static String of(JFreeChart chart, ChartSize size, String title) {
    return of(chart, size, title, InlineSvg::targets);
  }

  static String of(
      JFreeChart chart,
      ChartSize size,
      String title,
      Function<ChartRenderingInfo, List<Target>> targets) {
    var info = new ChartRenderingInfo();
    Element svg = image(FigureFiles.draw(chart, size, info), size, title);
    for (Target target : targets.apply(info)) {
      svg.appendChild(element(svg, target));
    }
    return markup(svg);
  }

  /** A drawing in which nothing is pointed at. */
  static String of(SVGGraphics2D graphics, ChartSize size, String title) {
    return markup(image(graphics, size, title));
  }

  private static Element image(SVGGraphics2D graphics, ChartSize size, String title) {
    Element svg = graphics.getRoot();
    svg.setAttribute("viewBox", Text.of("0 0 %d %d", size.width(), size.height()));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", title);
    adapt(svg);
    return svg;
  }

  /** What is only looked at, beside a text that says the same. */
  static String decoration(SVGGraphics2D graphics) {
    Element svg = graphics.getRoot();
    svg.setAttribute("aria-hidden", "true");
    var definitions = svg.getElementsByTagName("defs"); // empty, but with identifiers
    while (definitions.getLength() > 0) {
      definitions.item(0).getParentNode().removeChild(definitions.item(0));
    }
    adapt(svg);
    return markup(svg);
  }

  private static List<Target> targets(ChartRenderingInfo info) {
    List<Target> targets = new ArrayList<>();
    for (Object entity : info.getEntityCollection().getEntities()) {
      if (entity instanceof ChartEntity it && it.getToolTipText() != null) {
        targets.add(new Target(it.getArea().getBounds2D(), it.getToolTipText()));
      }
    }
    return targets;
  }

  private static Element element(Element svg, Target target) {
    Rectangle2D area = target.area();
    double width = Math.max(area.getWidth(), LEAST_TARGET);
    double height = Math.max(area.getHeight(), LEAST_TARGET);
    Element rectangle = svg.getOwnerDocument().createElementNS(NAMESPACE, "rect");
    rectangle.setAttribute("class", "target");
    rectangle.setAttribute("x", number(area.getCenterX() - width / 2));
    rectangle.setAttribute("y", number(area.getCenterY() - height / 2));
    rectangle.setAttribute("width", number(width));
    rectangle.setAttribute("height", number(height));
    Element title = svg.getOwnerDocument().createElementNS(NAMESPACE, "title");
    title.setTextContent(target.tip());
    rectangle.appendChild(title);
    return rectangle;
  }

  private static String number(double value) {
    return Text.of("%.1f", value);
  }

  /** The page's colours, identifiers of the page's own, no style attributes. */
  private static void adapt(Element element) {
    element.removeAttribute("style");
    element.removeAttribute("font-family"); // the page's own
    var attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      Attr attribute = (Attr) attributes.item(i);
      String name = attribute.getName();
      if (name.equals("fill") || name.equals("stroke")) {
        attribute.setValue(Look.pageColour(attribute.getValue()));
      } else if (name.equals("id")) {
        attribute.setValue(ID + attribute.getValue());
      }
      attribute.setValue(attribute.getValue().replace("url(#", "url(#" + ID));
    }
    for (var child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        adapt(inner);
      }
    }
  }

  private static String markup(Element svg) {
    try {
      var transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      var text = new StringWriter();
      transformer.transform(new DOMSource(svg), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException(e);
    }
  }
}
