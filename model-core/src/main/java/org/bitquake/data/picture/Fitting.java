package org.bitquake.data.picture;

import java.util.Optional;
import org.bitquake.Text;

/**
 * What is done to each picture, in this order.
 *
 * @param channels asked for, whatever is lost
 * @param resize a side alone is the shorter one; the longer one becomes {@code ⌊side · longer /
 *     shorter⌋}, as torchvision's Resize
 * @param crop the middle that is kept; a side alone means a square
 */
public record Fitting(Optional<Channels> channels, Optional<Size> resize, Optional<Size> crop) {
  /** Nothing is done. */
  public static final Fitting NONE =
      new Fitting(Optional.empty(), Optional.empty(), Optional.empty());

  private static final long MOST_PIXELS = 1 << 24;

  /** Whether pictures stay as they are. */
  public boolean isNone() {
    return channels.isEmpty() && resize.isEmpty() && crop.isEmpty();
  }

  /**
   * The picture as it is wanted.
   *
   * @throws IllegalArgumentException that says what is wrong with the picture, if it cannot be
   */
  public Picture apply(Picture picture) {
    Picture fitted = picture;
    if (channels.isPresent()) {
      fitted = channels.get() == Channels.GREY ? picture.inGrey() : picture.inColour();
    }
    if (resize.isPresent()) {
      fitted = resized(fitted, resize.get());
    }
    if (crop.isPresent()) {
      var size = crop.get();
      fitted = fitted.middle(size.height(), size.width().orElse(size.height()));
    }
    return fitted;
  }

  private static Picture resized(Picture picture, Size size) {
    long height = size.height();
    long width = size.width().orElse(size.height());
    var shape = picture.shape();
    if (size.width().isEmpty() && shape.height() < shape.width()) {
      width = height * shape.width() / shape.height();
    } else if (size.width().isEmpty()) {
      height = width * shape.height() / shape.width();
    }
    if (height * width > MOST_PIXELS) {
      throw new IllegalArgumentException(
          Text.of(
              "is %d×%d, which resize: %s makes %d×%d; at most %d pixels are accepted",
              shape.height(), shape.width(), size, height, width, MOST_PIXELS));
    }
    return Resampler.resize(picture, (int) height, (int) width);
  }
}
