package org.bitquake.jobs.doctor;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;

/**
 * The test images that travel in the jar.
 *
 * @param load reads them
 */
record BundledDataCheck(Callable<Dataset> load) implements Check {
  private static final String SUBJECT = "bundled images";

  /** Of Fashion-MNIST's published t10k-images, without the 16 bytes of its head. */
  private static final String SHA_OF_PIXELS =
      "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a";

  static BundledDataCheck here(Configuration hadoop) {
    return new BundledDataCheck(
        () -> Datasets.load("fashion-mnist", "test", Optional.empty(), hadoop));
  }

  @Override
  public List<Finding> look() {
    String again = "build again: mvn clean package, or get the jar once more";
    Dataset data;
    try {
      data = load.call();
    } catch (Exception e) {
      return List.of(Finding.problem(SUBJECT, "cannot be read: " + e.getMessage(), again));
    }
    return List.of(
        Sha256.hex(data.pixels()).equals(SHA_OF_PIXELS)
            ? Finding.ok(SUBJECT, Text.of("%,d images of %s", data.size(), data.name()))
            : Finding.problem(
                SUBJECT,
                Text.of("the pixels of %s are not the published ones", data.name()),
                again));
  }
}
