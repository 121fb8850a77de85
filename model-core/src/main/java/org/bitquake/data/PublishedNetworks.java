package org.bitquake.data;

import java.util.List;
import java.util.Optional;
import org.bitquake.Text;

/** Networks that others have published, as {@link Source}s to fetch them from. */
public final class PublishedNetworks {
  private static final String TINY = "4addd0fa08d216e20637637874e084895f289da4";
  private static final String TINY_LARGE = "05d65c62b90bc9d3a48b828b639b029283b3eb1b";

  /**
   * All of them: the int8 reference models of MLPerf Tiny (C. Banbury et al., "MLPerf Tiny
   * Benchmark", 2021; Apache-2.0) in TensorFlow Lite's format, from commits of github.com/mlcommons
   * /tiny. MD5 and SHA-256: of all but the large ResNet as other users of these commits state them.
   */
  public static final List<Source> ALL =
      List.of(
          new Source(
              "mlperf-tiny",
              "https://raw.githubusercontent.com/mlcommons/tiny/",
              Optional.empty(),
              List.of(
                  model(
                      TINY,
                      "image_classification",
                      "pretrainedResnet_quant.tflite",
                      98_496,
                      "2d6dd48722471313e4c4528249205ae3",
                      "3c002613d1b2475eb51dd78dfb85a546c8ae658dee71cf6ade43b022fe205415"),
                  model(
                      TINY_LARGE,
                      "image_classification",
                      "pretrainedResnet_large_int8.tflite",
                      512_024,
                      "a1557194b784a2a1842bf6896f30ce7e",
                      "dc27dcd823f5665533352f7da516b0c9bc6f089914b8283782e55961b3423fcf"),
                  model(
                      TINY,
                      "visual_wake_words",
                      "vww_96_int8.tflite",
                      333_288,
                      "f0b011416abee0343a5d130cb1f4c18f",
                      "597a384c8c2c8a1276f04702f25013b7838f2f814f1ca7c174d295b73e3d6b7b"),
                  model(
                      TINY,
                      "keyword_spotting",
                      "kws_ref_model.tflite",
                      53_936,
                      "618aeb155673dae92fa6a7f26608add5",
                      "aeea436800704fce17b17292e4412630ad856e9d777c044c64ef748a880bd0ae"),
                  model(
                      TINY,
                      "anomaly_detection",
                      "ad01_int8.tflite",
                      276_976,
                      "361fa1b1b871e2068b2ab38d9805ef56",
                      "87cf24194ef93d1d9b11a591d805526b98008e351655d29883c825c9c106ba24"))));

  private PublishedNetworks() {}

  private static Source.Archive model(
      String commit, String task, String file, long bytes, String md5, String sha256) {
    return new Source.Archive(
        Text.of("%s/benchmark/training/%s/trained_models/%s", commit, task, file),
        bytes,
        md5,
        List.of(new Source.Contents(file, bytes, sha256)));
  }
}
