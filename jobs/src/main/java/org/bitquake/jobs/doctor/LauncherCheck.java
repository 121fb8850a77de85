package org.bitquake.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;

/**
 * What {@code submit/bitquake} sets so that native code is fast.
 *
 * @param environment of this process
 * @param helpers the system property {@link #HELPERS}
 * @param glibc whether the C library is glibc, which the settings of {@code malloc} are for
 */
record LauncherCheck(Map<String, String> environment, Optional<String> helpers, boolean glibc)
    implements Check {
  static final String HELPERS = "org.eclipse.deeplearning4j.helpers.disable";
  private static final String SUBJECT = "launcher";
  private static final String THREADS = "OMP_NUM_THREADS";
  private static final List<String> MALLOC =
      List.of(
          "MALLOC_ARENA_MAX",
          "MALLOC_MMAP_MAX_",
          "MALLOC_TRIM_THRESHOLD_",
          "MALLOC_TOP_PAD_",
          "GLIBC_TUNABLES");

  static LauncherCheck here() {
    return new LauncherCheck(
        System.getenv(),
        Optional.ofNullable(System.getProperty(HELPERS)),
        System.getProperty("os.name").equals("Linux"));
  }

  @Override
  public List<Finding> look() {
    List<String> amiss = new ArrayList<>();
    List<String> unset = MALLOC.stream().filter(name -> !environment.containsKey(name)).toList();
    if (glibc && !unset.isEmpty()) {
      amiss.add(
          Text.of(
              "%s not set: training takes two to three times as long", String.join(", ", unset)));
    }
    if (!helpers.equals(Optional.of("false"))) {
      amiss.add(Text.of("-D%s=false not set: training takes six times as long", HELPERS));
    }
    String threads = environment.get(THREADS);
    if (!"1".equals(threads)) {
      amiss.add(
          Text.of(
              "%s is %s, not 1: each task would start threads of its own",
              THREADS, threads == null ? "not set" : threads));
    }
    return List.of(
        amiss.isEmpty()
            ? Finding.ok(SUBJECT, "settings of memory and threads are in force")
            : Finding.warning(
                SUBJECT,
                String.join("; ", amiss),
                "start commands with submit/bitquake, which sets what your environment does not"));
  }
}
