package org.bitquake.train;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.Arrays;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;

/**
 * The state of a training run: a flat binary file that ends with its own SHA-256, replaced
 * atomically. It is only read back by a run with the same options on the same data.
 */
final class Checkpoint {
  private static final int MAGIC = 0x62714351;
  private static final int HASH = 32;
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final String run;

  /**
   * @param run what must agree for the state to be used again: options and data
   */
  Checkpoint(Path file, String run) {
    this.file = file;
    this.run = Sha256.hex(run.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  boolean exists() {
    return Files.exists(file);
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  void write(Reached reached, Replica replica) throws IOException {
    var temporary = file.resolveSibling(file.getFileName() + ".tmp");
    var digest = Sha256.digest();
    try (var stream = new FileOutputStream(temporary.toFile());
        var buffer = new BufferedOutputStream(stream, BUFFER)) {
      var out = new DataOutputStream(new DigestOutputStream(buffer, digest));
      write(reached, replica, out);
      buffer.write(digest.digest());
      buffer.flush();
      stream.getFD().sync();
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void write(Reached reached, Replica replica, DataOutputStream out) throws IOException {
    var model = replica.model();
    var sgd = replica.sgd();
    out.writeInt(MAGIC);
    out.writeUTF(run);
    out.writeInt(reached.epochs());
    out.writeInt(reached.steps());
    out.writeDouble(reached.losses());
    writeFloats(out, model.master());
    writeFloats(out, model.steps());
    writeFloats(out, sgd.velocity());
    for (float[] statistics : model.statistics()) {
      writeFloats(out, statistics);
    }
    for (double v : sgd.stepVelocity()) {
      out.writeDouble(v);
    }
    if (replica.faults().isPresent()) {
      out.writeBoolean(replica.faults().get().on());
    }
    out.flush();
  }

  /**
   * Restores the state.
   *
   * @throws InputException if the file is damaged or belongs to another run
   */
  Reached read(Replica replica) throws IOException {
    var model = replica.model();
    var sgd = replica.sgd();
    if (Files.size(file) > 1L << 30) {
      throw damaged();
    }
    byte[] all = Files.readAllBytes(file);
    int body = all.length - HASH;
    if (body < 0
        || !Arrays.equals(
            Sha256.of(Arrays.copyOf(all, body)), Arrays.copyOfRange(all, body, all.length))) {
      throw damaged();
    }
    var in = new DataInputStream(new ByteArrayInputStream(all, 0, body));
    if (in.readInt() != MAGIC) {
      throw new InputException(
          Text.of(
              "%s is no checkpoint of this version of bitquake; delete it to start again", file));
    }
    if (!in.readUTF().equals(run)) {
      throw new InputException(
          Text.of(
              "checkpoint %s belongs to other options or other data; delete it to start again, or restore them",
              file));
    }
    var reached = new Reached(in.readInt(), in.readInt(), in.readDouble());
    readFloats(in, model.master());
    var steps = new float[model.steps().length];
    readFloats(in, steps);
    model.setSteps(steps);
    readFloats(in, sgd.velocity());
    for (float[] statistics : model.statistics()) {
      readFloats(in, statistics);
    }
    for (int i = 0; i < sgd.stepVelocity().length; i++) {
      sgd.stepVelocity()[i] = in.readDouble();
    }
    if (replica.faults().isPresent()) {
      replica.faults().get().setOn(in.readBoolean());
    }
    return reached;
  }

  private InputException damaged() {
    return new InputException(Text.of("checkpoint %s is damaged; delete it to start again", file));
  }

  private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
    for (float v : values) {
      out.writeFloat(v);
    }
  }

  private static void readFloats(DataInputStream in, float[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
  }
}
