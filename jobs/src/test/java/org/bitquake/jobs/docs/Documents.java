package org.bitquake.jobs.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The documents of this repository: Markdown files, and the text of Jupyter notebooks. */
public final class Documents {
  /** The root of the repository. */
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What Git ignores. */
  private static final Set<Path> NOT_OURS = Set.of(ROOT.resolve("results"), ROOT.resolve("data"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private Documents() {}

  /** All documents, sorted, relative to {@link #ROOT}. */
  public static List<Path> all() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isOurs(folder) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md") || file.toString().endsWith(".ipynb")) {
              found.add(ROOT.relativize(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().sorted().toList();
  }

  private static boolean isOurs(Path folder) {
    String name = folder.getFileName().toString();
    boolean hidden = name.startsWith(".") && !name.equals(".github");
    return folder.equals(ROOT) || !(hidden || name.equals("target") || NOT_OURS.contains(folder));
  }

  /** A document's Markdown. */
  static String markdown(Path document) throws IOException {
    String text = Files.readString(ROOT.resolve(document));
    return document.toString().endsWith(".ipynb") ? ofCells(JSON.readTree(text)) : text;
  }

  private static String ofCells(JsonNode notebook) {
    var text = new StringBuilder();
    for (var cell : notebook.get("cells")) {
      if (cell.get("cell_type").asText().equals("markdown")) {
        cell.get("source").forEach(line -> text.append(line.asText()));
        text.append("\n\n");
      }
    }
    return text.toString();
  }

  /** Reads a document. */
  public static Document read(Path document) throws IOException {
    return Document.of(markdown(document));
  }
}
