package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bitquake.InputException;
import org.bitquake.protect.Code;
import org.bitquake.protect.HardenedCells;
import org.bitquake.protect.Part;
import org.bitquake.protect.Part.Checked;
import org.bitquake.protect.Part.Harden;
import org.bitquake.protect.Part.OnError;
import org.bitquake.protect.Part.Remap;
import org.bitquake.protect.Part.Remap.By;

/** How parts of protections are written; a code with and without settings. */
enum PartForm implements Form<Part> {
  PARITY(Code.PARITY, false),
  SECDED(Code.SECDED, false),
  HAMMING(Code.HAMMING, false),
  BCH_DEC(Code.BCH_DEC, false),
  TMR(Code.TMR, false),
  PARITY_OF(Code.PARITY, true),
  SECDED_OF(Code.SECDED, true),
  HAMMING_OF(Code.HAMMING, true),
  BCH_DEC_OF(Code.BCH_DEC, true),
  TMR_OF(Code.TMR, true),
  REMAP("remap", false) {
    @Override
    public Part read(Settings settings) {
      return new Remap(Set.of(), By.WEIGHT);
    }
  },
  REMAP_OF("remap", true) {
    @Override
    public Part read(Settings settings) {
      var its = settings.only(BY, LAYERS);
      return new Remap(its.words(LAYERS), labelled(its, BY, By::of, By.WEIGHT.label()));
    }
  },
  HARDEN_ALL("harden", false) {
    @Override
    public Part read(Settings settings) {
      return new Harden(Set.of(), Set.of(), Harden.DEFAULT_AREA_FACTOR);
    }
  },
  HARDEN("harden", true) {
    @Override
    public Part read(Settings settings) {
      var its = settings.only(LAYERS, BITS, CELLS, AREA_FACTOR);
      double areaFactor = its.number(AREA_FACTOR, Harden.DEFAULT_AREA_FACTOR);
      return its.node().has(CELLS)
          ? cells(its, areaFactor)
          : new Harden(its.words(LAYERS), its.counts(BITS), areaFactor);
    }
  };

  private static final String BY = "by";
  private static final String WORD = "word";
  private static final String ON_ERROR = "onError";
  private static final String LAYERS = "layers";
  private static final String BITS = "bits";
  private static final String CELLS = "cells";
  private static final String AREA_FACTOR = "areaFactor";

  private final String label;
  private final boolean hasSettings;

  PartForm(String label, boolean hasSettings) {
    this.label = label;
    this.hasSettings = hasSettings;
  }

  PartForm(Code code, boolean hasSettings) {
    this(code.label(), hasSettings);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean hasSettings() {
    return hasSettings;
  }

  @Override
  public Part read(Settings settings) {
    var code = Code.of(label);
    if (!hasSettings) {
      return new Checked(code, word(code), onError(code), Set.of(), Set.of());
    }
    var its =
        code == Code.TMR
            ? settings.only(LAYERS, BITS)
            : settings.only(WORD, ON_ERROR, LAYERS, BITS);
    var onError = labelled(its, ON_ERROR, OnError::of, onError(code).label());
    return new Checked(
        code, its.count(WORD, word(code)), onError, its.words(LAYERS), its.counts(BITS));
  }

  private static HardenedCells cells(Settings settings, double areaFactor) {
    if (settings.node().has(LAYERS) || settings.node().has(BITS)) {
      throw new InvalidValue(
          settings.at(CELLS),
          "the file names each cell; give layers and bits to a harden of their own, in parts");
    }
    var file =
        NamedFile.read("a list of cells", settings.at(CELLS), settings.node().get(CELLS), "csv");
    return new HardenedCells(file.path(), file.sha256(), Optional.empty(), areaFactor);
  }

  private static <T> T labelled(
      Settings settings, String key, Function<String, T> of, String byDefault) {
    try {
      return of.apply(settings.word(key, byDefault));
    } catch (InputException e) {
      throw new InvalidValue(settings.at(key), e.getMessage());
    }
  }

  private static int word(Code code) {
    return code == Code.TMR ? 1 : Checked.DEFAULT_WORD;
  }

  /** Parity does nothing else; of a long word most weights are right where two bits are wrong. */
  private static OnError onError(Code code) {
    return code == Code.PARITY ? OnError.ZERO : OnError.KEEP;
  }

  /** A part as {@link #read} takes it, always in the same words. */
  static ObjectNode json(Part part) {
    var node = JsonNodeFactory.instance.objectNode();
    var its = node.putObject(part.label());
    if (part instanceof Checked checked && checked.code() != Code.TMR) {
      its.put(WORD, checked.word()).put(ON_ERROR, checked.onError().label());
    }
    if (part instanceof Remap remap && remap.by() != By.WEIGHT) {
      its.put(BY, remap.by().label());
    }
    if (!part.layers().isEmpty()) {
      part.layers().forEach(its.putArray(LAYERS)::add);
    }
    if (!part.bits().isEmpty()) {
      part.bits().forEach(its.putArray(BITS)::add);
    }
    if (part instanceof Harden harden) {
      its.put(AREA_FACTOR, harden.areaFactor());
    }
    if (part instanceof HardenedCells cells) {
      its.set(CELLS, new NamedFile(cells.file(), cells.sha256()).json());
      its.put(AREA_FACTOR, cells.areaFactor());
    }
    return node;
  }

  /** A short name: what it is, of words of how many bits, of which bits and layers, or file. */
  static String name(Part part) {
    var name = new StringBuilder(part.label());
    if (part instanceof Checked checked && checked.code() != Code.TMR) {
      name.append('-').append(checked.word());
      if (checked.onError() != onError(checked.code())) {
        name.append('-').append(checked.onError().label());
      }
    }
    if (part instanceof Remap remap && remap.by() != By.WEIGHT) {
      name.append('-').append(remap.by().label());
    }
    if (part instanceof HardenedCells cells) {
      name.append('-').append(cells.file(), 0, cells.file().lastIndexOf('.'));
    }
    if (!part.bits().isEmpty()) {
      name.append("-b");
      part.bits().forEach(name::append);
    }
    part.layers().forEach(layer -> name.append('-').append(layer));
    return name.toString();
  }
}
