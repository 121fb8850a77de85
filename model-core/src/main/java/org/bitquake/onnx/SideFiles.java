package org.bitquake.onnx;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataLocation;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * The files in which a model keeps its large tensors (ONNX's external data), as exporters write
 * them where a model is big. None is read but those inside the model's folder, and no more bytes
 * than a model may have; on a local file system links that lead out of the folder do not count as
 * inside. Not thread-safe.
 */
public final class SideFiles {
  private static final int LONGEST_NAME = 1000;
  private static final String NUMBER = "[0-9]{1,18}";

  private final Path folder;
  private final Configuration hadoop;
  private final Map<String, FileStatus> files = new HashMap<>();
  private final Set<String> read = new TreeSet<>();
  private final MessageDigest digest;
  private long total;

  private SideFiles(Path folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those of a model, a Hadoop path. */
  public static SideFiles of(Path model, Configuration hadoop) {
    Path parent = model.getParent();
    return new SideFiles(parent == null ? new Path(".") : parent, hadoop);
  }

  /** Whether a tensor lies in another file. */
  static boolean has(TensorProto tensor) {
    return tensor.getDataLocation() == DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0;
  }

  /**
   * The model with its initializers in it.
   *
   * @throws IllegalArgumentException naming the tensor and the file that cannot be read, and why
   */
  ModelProto inline(ModelProto model) {
    var graph = model.getGraph();
    if (graph.getInitializerList().stream().noneMatch(SideFiles::has)) {
      return model;
    }
    var whole = model.toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = graph.getInitializer(i);
      if (has(tensor)) {
        byte[] values = values(tensor);
        digest.update(values);
        whole
            .getGraphBuilder()
            .getInitializerBuilder(i)
            .clearDataLocation()
            .clearExternalData()
            .setRawData(UnsafeByteOperations.unsafeWrap(values));
      }
    }
    return whole.build();
  }

  /**
   * What was read, for the provenance: the files, and the SHA-256 of the tensors in their order.
   */
  Map<String, String> provenance() {
    if (read.isEmpty()) {
      return Map.of();
    }
    String names = String.join(", ", read);
    return Map.of(
        "imported.sideFiles",
        names.substring(0, Math.min(200, names.length())),
        "imported.sideFilesSha256",
        HexFormat.of().formatHex(digest.digest()));
  }

  private byte[] values(TensorProto tensor) {
    String name = Require.quote(tensor.getName());
    Map<String, String> place = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      place.put(entry.getKey(), entry.getValue());
    }
    String location = place.getOrDefault("location", "").replaceFirst("^(\\./)+", "");
    Require.that(
        isInside(location),
        "tensor %s lies in %s, which is no file inside the model's folder; none else is read",
        name,
        Require.quote(location));
    FileStatus file = files.computeIfAbsent(location, its -> file(name, its));
    long offset = number(name, "offset", place.getOrDefault("offset", "0"));
    long rest = Math.max(0, file.getLen() - offset);
    long length = number(name, "length", place.getOrDefault("length", Long.toString(rest)));
    Require.that(
        length <= rest,
        "tensor %s is %d bytes of %s from byte %d, but the file has %d: it is cut short, or another"
            + " model's",
        name,
        length,
        Require.quote(location),
        offset,
        file.getLen());
    total += length;
    Require.that(
        total <= OnnxFile.MAX_BYTES,
        "its tensors in other files take more than %d MiB",
        OnnxFile.MAX_BYTES >> 20);
    read.add(location);
    return bytes(name, file.getPath(), offset, (int) length);
  }

  private static boolean isInside(String location) {
    return !location.isBlank()
        && location.length() <= LONGEST_NAME
        && location.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))
        && Stream.of(location.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  private static long number(String name, String what, String text) {
    Require.that(text.matches(NUMBER), "tensor %s has the %s %s", name, what, Require.quote(text));
    return Long.parseLong(text);
  }

  private FileStatus file(String name, String location) {
    try {
      FileStatus status = folder.getFileSystem(hadoop).getFileStatus(new Path(folder, location));
      Require.that(
          status.isFile() && isRegularAndInside(status.getPath()),
          "tensor %s lies in %s, which is no plain file inside the model's folder; put the file"
              + " itself there",
          name,
          Require.quote(location));
      return status;
    } catch (FileNotFoundException e) {
      throw Require.no(
          "tensor %s lies in the file %s, which is missing; put it beside the model",
          name, Require.quote(location));
    } catch (IOException e) {
      throw unreadable(name, location, e);
    }
  }

  /** Where links lead is looked at on a local file system; others have none. */
  private boolean isRegularAndInside(Path file) throws IOException {
    if (!"file".equals(file.toUri().getScheme())) {
      return true;
    }
    var its = java.nio.file.Path.of(file.toUri()).toRealPath();
    var qualified = folder.getFileSystem(hadoop).makeQualified(folder);
    var there = java.nio.file.Path.of(qualified.toUri()).toRealPath();
    return its.startsWith(there) && Files.isRegularFile(its);
  }

  private byte[] bytes(String name, Path file, long offset, int length) {
    byte[] bytes = new byte[length];
    try (var in = file.getFileSystem(hadoop).open(file)) {
      in.seek(offset);
      in.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw unreadable(name, file.getName(), e);
    }
  }

  private static IllegalArgumentException unreadable(String name, String file, IOException why) {
    return Require.no(
        "tensor %s lies in %s, which cannot be read: %s",
        name, Require.quote(file), why.getMessage());
  }
}
