package org.bitquake.data.picture;

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

  /** As in a configuration. */
  public String label() {
    return label;
  }

  /** How many they are. */
  public int count() {
    return count;
  }
}
