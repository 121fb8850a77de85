package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.bitquake.data.picture.Size;

/** A size of pictures in a configuration: a number, or text such as {@code 96x128}. */
public record PictureSize(Size size) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static PictureSize of(int side) {
    return new PictureSize(Size.of(side));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static PictureSize of(String text) {
    return new PictureSize(Size.of(text));
  }
}
