package org.bitquake.data;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Where a data set, or a set of networks, is published and what its files must be.
 *
 * @param name such as {@code fashion-mnist}
 * @param base address under which the archives lie, ending in a slash
 * @param folder the folder inside the archives, where there is one
 */
public record Source(String name, String base, Optional<String> folder, List<Archive> archives) {

  /**
   * One file to download: a {@code .gz} that holds one data file and is kept as it is, a {@code
   * .tar.gz} that holds several and is unpacked, or the one data file itself.
   *
   * @param path where it lies under the base, folders and all
   * @param bytes the published length
   * @param md5 the published checksum
   */
  public record Archive(String path, long bytes, String md5, List<Contents> contents) {
    public Archive {
      List.of(path.split("/", -1)).forEach(Source::checkName);
      contents = List.copyOf(contents);
      String file = last(path);
      if (!isTar(file) && !(contents.size() == 1 && holds(file, contents.get(0)))) {
        throw new IllegalArgumentException(file + " must hold the one file of that name");
      }
      if (bytes < 1 || !md5.matches("[0-9a-f]{32}")) {
        throw new IllegalArgumentException(file + " needs a length and an MD5 in hex");
      }
    }

    /** Its name, without folders. */
    public String file() {
      return last(path);
    }

    boolean isTar() {
      return isTar(file());
    }

    private Archive withoutFolders() {
      return new Archive(file(), bytes, md5, contents);
    }

    private static boolean holds(String file, Contents contents) {
      return file.equals(contents.file() + ".gz") || file.equals(contents.file());
    }

    private static String last(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    private static boolean isTar(String file) {
      return file.toLowerCase(Locale.ROOT).endsWith(".tar.gz");
    }
  }

  /**
   * A data file, uncompressed.
   *
   * @param sha256 of the uncompressed bytes: files that were compressed again still match
   */
  public record Contents(String file, long bytes, String sha256) {
    public Contents {
      checkName(file);
      if (bytes < 1 || !sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(file + " needs a length and a SHA-256 in hex");
      }
    }
  }

  public Source {
    checkName(name);
    folder.ifPresent(Source::checkName);
    archives = List.copyOf(archives);
    if (!base.endsWith("/")) {
      throw new IllegalArgumentException("the address must end in a slash: " + base);
    }
  }

  /**
   * The published data sets. Lengths and MD5 of the archives: the Fashion-MNIST and CIFAR pages;
   * the length of CIFAR-100's, as others who have fetched it state it. SHA-256 of Fashion-MNIST's
   * contents: computed from files with these MD5. SHA-256 of CIFAR's contents: as published with
   * torchvision-ruby for these archives.
   */
  public static final List<Source> PUBLISHED =
      List.of(
          new Source(
              "fashion-mnist",
              "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
              Optional.empty(),
              List.of(
                  idx(
                      "train-images-idx3-ubyte",
                      26_421_880,
                      "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                      47_040_016,
                      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                  idx(
                      "train-labels-idx1-ubyte",
                      29_515,
                      "25c81989df183df01b3e8a0aad5dffbe",
                      60_008,
                      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
                  idx(
                      "t10k-images-idx3-ubyte",
                      4_422_102,
                      "bef4ecab320f06d8554ea6380940ec79",
                      7_840_016,
                      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                  idx(
                      "t10k-labels-idx1-ubyte",
                      5_148,
                      "bb300cfdad3c16e7a12a480ee83cd310",
                      10_008,
                      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"))),
          new Source(
              "cifar-10",
              "https://www.cs.toronto.edu/~kriz/",
              Optional.of("cifar-10-batches-bin"),
              List.of(
                  new Archive(
                      "cifar-10-binary.tar.gz",
                      170_052_171,
                      "c32a1d4ab5d03f1284b67883e8d87530",
                      List.of(
                          batch(
                              "data_batch_1.bin",
                              "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                          batch(
                              "data_batch_2.bin",
                              "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                          batch(
                              "data_batch_3.bin",
                              "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                          batch(
                              "data_batch_4.bin",
                              "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                          batch(
                              "data_batch_5.bin",
                              "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                          batch(
                              "test_batch.bin",
                              "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"))))),
          new Source(
              "cifar-100",
              "https://www.cs.toronto.edu/~kriz/",
              Optional.of("cifar-100-binary"),
              List.of(
                  new Archive(
                      "cifar-100-binary.tar.gz",
                      168_513_733,
                      "03b5dce01913d631647c71ecec9e9cb8",
                      List.of(
                          new Contents(
                              "train.bin",
                              153_700_000,
                              "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"),
                          new Contents(
                              "test.bin",
                              30_740_000,
                              "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"))))));

  /**
   * The source of a data set.
   *
   * @throws InputException if there is none of that name; the message lists the known ones
   */
  public static Source named(String name, List<Source> sources) {
    return sources.stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "there is no data set '%s'; known are %s",
                        name,
                        sources.stream().map(Source::name).collect(Collectors.joining(", ")))));
  }

  /** The same files from another server, where they lie in one folder. */
  public Source at(String otherBase) {
    return new Source(
        name,
        otherBase.endsWith("/") ? otherBase : otherBase + "/",
        folder,
        archives.stream().map(Archive::withoutFolders).toList());
  }

  /** The data files of all archives. */
  public List<Contents> contents() {
    return archives.stream().flatMap(a -> a.contents().stream()).toList();
  }

  private static Archive idx(String file, long gzBytes, String gzMd5, long bytes, String sha256) {
    return new Archive(file + ".gz", gzBytes, gzMd5, List.of(new Contents(file, bytes, sha256)));
  }

  private static Contents batch(String file, String sha256) {
    return new Contents(file, 30_730_000, sha256);
  }

  private static void checkName(String file) {
    if (!file.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException("not a plain file name: " + file);
    }
  }
}
