package org.bitquake.jobs.store;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.UnwritableException;

/**
 * The directory that a job writes to. A file such as {@code campaign.json} says which job that is,
 * and that the directory is bitquake's to change.
 */
public final class ResultDirectory {
  /** The folder of the pictures that are drawn from the tables. */
  public static final String FIGURES = "figures";

  /** The page that is made of the tables. */
  public static final String REPORT = "report.html";

  /** How the configurations of what a search found begin. */
  public static final String WINNER = "winner-";

  private static final List<String> JOBS = List.of("campaign", "landscape", "cnvlutin", "protect");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final TableStore store;
  private final StoreFiles files;
  private final String job;
  private final Path marker;

  private ResultDirectory(String directory, String job, Configuration hadoop) {
    this.store = new TableStore(directory, hadoop);
    this.job = job;
    this.marker = new Path(store.root(), job + ".json");
    this.files = StoreFiles.of(marker, hadoop);
  }

  /**
   * Makes a directory ready for a job: new, or with what the same job has committed so far. No
   * other run may write there until the store is closed.
   *
   * <p>A directory that cannot be written to is opened too, if the same job has begun there: it may
   * be finished. Otherwise {@link TableStore#checkpoint} complains.
   *
   * @param job what kind it is, such as {@code campaign}
   * @param name of this one, for people
   * @param origin kept when the directory is new, for reports
   * @param overwrite true to delete the tables and figures of another one of its kind there, or of
   *     this one
   * @throws InputException if it holds something else, another run writes there, or it cannot be
   *     written to
   */
  public static TableStore open(
      String directory,
      String job,
      String name,
      Identity identity,
      Origin origin,
      boolean overwrite,
      Configuration hadoop) {
    var it = new ResultDirectory(directory, job, hadoop);
    boolean begun = it.check(identity, overwrite); // before it leaves a lock in a thesis
    Lease lease;
    try {
      lease = Lease.take(it.store.root(), it.files, Lease.Timing.STANDARD);
    } catch (UnwritableException e) {
      if (begun && !overwrite) {
        return it.store.heldBy(WriteAccess.none(e));
      }
      throw e;
    }
    try {
      it.prepare(name, identity, origin, overwrite);
      return it.store.heldBy(WriteAccess.of(lease, it.store.root(), it.files));
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /**
   * What a directory says it is.
   *
   * @param job its kind, such as {@code campaign}
   * @param name for people
   */
  public record Description(String job, String name, Identity identity) {}

  /**
   * Reads what a directory says it is.
   *
   * @throws InputException if it is no job's, or does not say so clearly
   */
  public static Description describe(String directory, Configuration hadoop) {
    for (String job : JOBS) {
      var it = new ResultDirectory(directory, job, hadoop);
      if (it.files.exists(it.marker)) {
        return new Description(job, it.name(), it.read());
      }
    }
    throw new InputException(
        Text.of(
            "%s: no %s.json here, so it is no result directory",
            directory, String.join(".json, ", JOBS)));
  }

  /**
   * How the job of a directory was asked for; empty if no job has begun there.
   *
   * @throws InputException if the file that says so is damaged
   */
  public static Optional<Origin> origin(String directory, Configuration hadoop) {
    for (String job : JOBS) {
      var it = new ResultDirectory(directory, job, hadoop);
      if (it.files.exists(it.marker)) {
        try {
          return Optional.of(Origin.of(MAPPER.readTree(it.files.readSmall(it.marker))));
        } catch (IOException e) {
          throw new InputException(it.damaged(), e);
        }
      }
    }
    return Optional.empty();
  }

  private String name() {
    try {
      return MAPPER.readTree(files.readSmall(marker)).path("name").asText();
    } catch (IOException e) {
      throw new InputException(damaged(), e);
    }
  }

  /** Whether the same job, or one to overwrite, has begun here. */
  private boolean check(Identity identity, boolean overwrite) {
    if (!files.exists(marker)) {
      requireEmpty();
      return false;
    }
    var found = read();
    if (!overwrite) {
      requireSame(found, identity);
    }
    return true;
  }

  /** Under the lock; what was checked before may have changed. */
  private void prepare(String name, Identity identity, Origin origin, boolean overwrite) {
    boolean begun = check(identity, overwrite);
    files.delete(new Path(store.root(), StopFile.NAME)); // it was for an earlier run
    if (begun && !overwrite) {
      store.sweep();
      return;
    }
    if (begun) {
      store.clear();
      clearFigures();
      files.delete(marker);
    }
    mark(name, identity, origin);
  }

  /** Pictures, the page and winners show the tables that went. */
  private void clearFigures() {
    files.delete(new Path(store.root(), REPORT));
    for (var status : files.list(store.root())) {
      String name = status.getPath().getName();
      if (name.startsWith(WINNER) && name.endsWith(".yaml")) {
        files.delete(status.getPath());
      }
    }
    for (var status : files.list(new Path(store.root(), FIGURES))) {
      String name = status.getPath().getName();
      if (name.endsWith(".svg") || name.endsWith(".png")) {
        files.delete(status.getPath());
      }
    }
  }

  private void requireSame(Identity found, Identity wanted) {
    if (!found.hash().equals(wanted.hash())) {
      throw new InputException(
          Text.of(
              "%s holds another %s (other %s); choose another --output, or --output-mode overwrite",
              store.root(), job, String.join(", ", found.differences(wanted))));
    }
  }

  private void requireEmpty() {
    for (var status : files.list(store.root())) {
      String found = status.getPath().getName();
      boolean draft =
          found.startsWith(marker.getName()) && found.endsWith(".tmp"); // of a run killed early
      boolean ours = found.startsWith(Lease.PREFIX) || found.equals(StopFile.NAME);
      if (!draft && !ours) {
        throw new InputException(
            Text.of(
                "%s holds %s but no %s, so bitquake %s does not write there; choose another --output",
                store.root(), found, marker.getName(), job));
      }
    }
  }

  private Identity read() {
    try {
      JsonNode json = MAPPER.readTree(files.readSmall(marker));
      boolean sound =
          json.path("format").asText().equals(format()) && json.path("identity").isObject();
      if (sound) {
        var identity = new Identity(json.get("identity"));
        if (identity.hash().equals(json.path("hash").asText())) {
          return identity;
        }
      }
    } catch (IOException e) {
      throw new InputException(damaged(), e);
    }
    throw new InputException(damaged());
  }

  private String format() {
    return "bitquake-" + job;
  }

  private String damaged() {
    return marker + ": damaged, or not bitquake's; choose another --output";
  }

  private void mark(String name, Identity identity, Origin origin) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", format());
    json.put("name", name);
    json.put("hash", identity.hash());
    json.set("identity", identity.facts());
    json.set("origin", MAPPER.valueToTree(origin.json()));
    try {
      files.writeOnce(marker, MAPPER.writeValueAsBytes(json));
    } catch (FileAlreadyExistsException e) {
      throw new InputException(
          store.root() + ": another run began here just now; choose another --output", e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
