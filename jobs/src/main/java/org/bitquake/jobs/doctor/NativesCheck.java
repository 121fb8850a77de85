package org.bitquake.jobs.doctor;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.bitquake.Text;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import org.xerial.snappy.Snappy;

/**
 * Whether a native library can be loaded and answers.
 *
 * @param library its name
 * @param load loads it and says what it is
 * @param without what does not work without it
 * @param needed whether that is a problem, not a warning
 */
record NativesCheck(String library, Callable<String> load, String without, boolean needed)
    implements Check {
  private static final String FIX =
      "see that the folder of unpacked libraries is writable and may hold programs (no noexec),"
          + " or choose another: SPARK_SUBMIT_OPTS=\"-Dorg.bytedeco.javacpp.cachedir=DIR"
          + " -Djava.io.tmpdir=DIR\"";

  /** oneDNN, for an engine; ND4J, for training; Snappy, for tables. */
  static List<Check> all() {
    return List.of(
        new NativesCheck("oneDNN", NativesCheck::oneDnn, "the engine onednn", false),
        new NativesCheck("ND4J", NativesCheck::nd4j, "training", true),
        new NativesCheck("Snappy", NativesCheck::snappy, "writing tables", true));
  }

  @Override
  public List<Finding> look() {
    String found;
    try {
      found = load.call();
    } catch (Exception | LinkageError e) {
      String why = Text.of("does not load, so %s does not work: %s", without, root(e));
      return List.of(
          needed ? Finding.problem(library, why, FIX) : Finding.warning(library, why, FIX));
    }
    return List.of(Finding.ok(library, found));
  }

  /** The folder that JavaCPP unpacks its libraries into. */
  static String cacheFolder() throws IOException {
    return Loader.getCacheDir().getPath();
  }

  private static String oneDnn() {
    var version = dnnl.dnnl_version();
    return Text.of(
        "%d.%d.%d for %s", version.major(), version.minor(), version.patch(), Loader.getPlatform());
  }

  private static String nd4j() {
    double sum = Nd4j.ones(2, 3).sumNumber().doubleValue();
    if (sum != 6) {
      throw new IllegalStateException("the sum of six ones is " + sum);
    }
    return Nd4j.getBackend().getClass().getSimpleName();
  }

  private static String snappy() throws IOException {
    byte[] text = new byte[1000];
    if (Snappy.uncompress(Snappy.compress(text)).length != text.length) {
      throw new IllegalStateException("it does not uncompress what it has compressed");
    }
    return Snappy.getNativeLibraryVersion();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
