package org.bitquake.jobs.draft;

import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.bitquake.jobs.config.ConfigKind;

/**
 * How a file that is being written names others: relative to itself where both are on this machine,
 * by their whole paths otherwise.
 *
 * @param file that is being written; empty where it is not known where it will lie
 */
record Places(Optional<Path> file) {
  /** Set by the launcher: the root of the source tree or of the installation. */
  static final String HOME = "bitquake.home";

  private static final String CONF = "conf";

  /** A file or folder, given from the working directory or by its whole path. */
  String beside(Path other) {
    if (!isLocal(other)) {
      return other.toString();
    }
    var absolute = local(other);
    return file.filter(Places::isLocal)
        .map(f -> local(f).getParent().relativize(absolute).toString())
        .map(relative -> relative.isEmpty() ? "." : relative)
        .orElse(absolute.toString());
  }

  /** The schema of a kind of file; empty where bitquake's folder {@code conf} is not at hand. */
  Optional<String> schema(ConfigKind kind) {
    return Optional.of(conf().resolve(kind.schema()))
        .filter(Files::isRegularFile)
        .map(schema -> beside(new Path(schema.toString())));
  }

  /** The folder {@code conf} of bitquake. */
  static java.nio.file.Path conf() {
    return Paths.get(System.getProperty(HOME, "")).resolve(CONF).toAbsolutePath().normalize();
  }

  private static boolean isLocal(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  private static java.nio.file.Path local(Path path) {
    return Paths.get(path.toUri().getPath()).toAbsolutePath().normalize();
  }
}
