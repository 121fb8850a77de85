package org.bitquake.submit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** What lies in {@code jobs/target/bitquake.jar}. */
final class JobJar {
  static final Path FILE = Launcher.repository().resolve("jobs/target/bitquake.jar");
  private static final String COORDINATES = "META-INF/maven/.+/pom\\.properties";
  private static final int PACKAGE_DEPTH = 2;

  private JobJar() {}

  /** The names of all files in it. */
  static List<String> names() throws IOException {
    try (var jar = new JarFile(FILE.toFile())) {
      return jar.stream().filter(e -> !e.isDirectory()).map(ZipEntry::getName).toList();
    }
  }

  /** {@code group:artifact:version} of every library that says so in the jar, bitquake's apart. */
  static Collection<String> libraries() throws IOException {
    var found = new TreeSet<String>();
    try (var jar = new JarFile(FILE.toFile())) {
      for (var entries = jar.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        if (entry.getName().matches(COORDINATES)) {
          found.add(coordinates(jar.getInputStream(entry)));
        }
      }
    }
    found.removeIf(library -> library.startsWith("org.bitquake:"));
    return found;
  }

  /** The class folders down to two names, bitquake's own apart: what has no coordinates shows. */
  static Collection<String> packages() throws IOException {
    var found = new TreeSet<String>();
    for (String name : names()) {
      boolean own = name.startsWith("org/bitquake/") && !name.startsWith("org/bitquake/shaded/");
      if (name.endsWith(".class") && !own) {
        String[] parts = name.split("/", -1);
        int wanted = name.contains("/shaded/") ? 2 * PACKAGE_DEPTH : PACKAGE_DEPTH;
        int depth = Math.min(wanted, parts.length - 1);
        found.add(String.join("/", List.of(parts).subList(0, depth)) + "/");
      }
    }
    return found;
  }

  private static String coordinates(InputStream file) throws IOException {
    var properties = new Properties();
    try (file) {
      properties.load(file);
    }
    return properties.getProperty("groupId")
        + ":"
        + properties.getProperty("artifactId")
        + ":"
        + properties.getProperty("version");
  }
}
