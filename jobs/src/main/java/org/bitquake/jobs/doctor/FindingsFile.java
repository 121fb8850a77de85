package org.bitquake.jobs.doctor;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bitquake.BuildInfo;

/** Findings as JSON, for programs. */
public final class FindingsFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private FindingsFile() {}

  /**
   * Writes {@code {"bitquake": VERSION, "sound": BOOLEAN, "findings": [{"subject", "mark", "found",
   * "fix"}, …]}}; a mark is {@code ok}, {@code warning} or {@code problem}, a fix is null where
   * none is needed, and it is sound without a problem. A file that is there is replaced.
   */
  public static void write(List<Finding> findings, Path file) throws IOException {
    var json = MAPPER.createObjectNode();
    json.put("bitquake", BuildInfo.version());
    json.put("sound", findings.stream().noneMatch(f -> f.mark() == Finding.Mark.PROBLEM));
    var list = json.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("subject", finding.subject())
          .put("mark", finding.mark().name().toLowerCase(Locale.ROOT))
          .put("found", finding.found())
          .put("fix", finding.fix().orElse(null));
    }
    Files.write(file, MAPPER.writeValueAsBytes(json));
  }
}
