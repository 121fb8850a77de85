package org.bitquake.jobs.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * What a Markdown text holds.
 *
 * @param links destinations of links and images
 * @param anchors of its headings, as GitHub makes them
 * @param blocks blocks of code
 * @param code code within sentences
 */
public record Document(
    List<String> links, List<String> anchors, List<Block> blocks, List<String> code) {
  /**
   * A block of code.
   *
   * @param language empty if the document does not say
   */
  public record Block(String language, String text) {
    /** Its lines, those that end in a backslash joined with the next. */
    public Stream<String> lines() {
      return text.replaceAll("\\\\\\R\\s*", "").lines().map(String::strip);
    }
  }

  /** Reads a Markdown text. */
  public static Document of(String markdown) {
    var reader = new Reader();
    Parser.builder().build().parse(markdown).accept(reader);
    return new Document(reader.links, reader.anchors, reader.blocks, reader.code);
  }

  private static final class Reader extends AbstractVisitor {
    private final List<String> links = new ArrayList<>();
    private final List<String> anchors = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> code = new ArrayList<>();
    private final Map<String, Integer> headings = new HashMap<>();

    @Override
    public void visit(Link link) {
      links.add(link.getDestination());
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      links.add(image.getDestination());
    }

    @Override
    public void visit(Heading heading) {
      String name = text(heading).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
      String anchor = name.replace(' ', '-');
      int before = headings.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
      visitChildren(heading);
    }

    @Override
    public void visit(FencedCodeBlock block) {
      blocks.add(new Block(block.getInfo(), block.getLiteral()));
    }

    @Override
    public void visit(IndentedCodeBlock block) {
      blocks.add(new Block("", block.getLiteral()));
    }

    @Override
    public void visit(Code inline) {
      code.add(inline.getLiteral());
    }

    private static String text(Node node) {
      if (node instanceof Text text) {
        return text.getLiteral();
      }
      if (node instanceof Code inline) {
        return inline.getLiteral();
      }
      return Stream.iterate(node.getFirstChild(), n -> n != null, Node::getNext)
          .map(Reader::text)
          .collect(Collectors.joining());
    }
  }
}
