package org.bitquake.data.picture;

import org.bitquake.InputException;
import org.bitquake.Text;

/** What pictures become where their own number of channels is not what is wanted. */
public enum Channels {
  /** One channel, colour turned into luminance. */
  GREY("grey", 1),

  /** Three channels, a grey picture's one repeated. */
  RGB("rgb", 3);

  private final String label;
  private final int count;

  Channels(String label, int count) {
    this.label = label;
    this.count = count;
  }

  /**
   * The ones that are called so.
   *
   * @throws InputException if there are none
   */
  public static Channels of(String label) {
    for (var channels : values()) {
      if (channels.label.equals(label)) {
        return channels;
      }
    }
    throw new InputException(Text.of("there are no channels '%s'; known are grey, rgb", label));
  }

  /** As in a configuration. */
  public String label() {
    return label;
  }

  /** How many they are. */
  public int count() {
    return count;
  }
}
