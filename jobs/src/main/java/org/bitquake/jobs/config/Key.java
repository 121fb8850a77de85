package org.bitquake.jobs.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of configuration files, on the record component of its name: all that people are told about
 * it. The defaults of {@link Yaml}, the comments of {@code bitquake init}, the schemas in {@code
 * conf/schema} and the tables in {@code conf/README.md} are made from it.
 *
 * <p>Bounds are those that the record's constructor, or what it configures, demands; tests try both
 * sides of each. For lists they hold for each element.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Key {
  /** What it means, a phrase without a full stop. */
  String value();

  /** Of a number; empty for one that is a count or has none. */
  String unit() default "";

  /** The value where the key is left out, as YAML; empty where it depends, or must be given. */
  String byDefault() default "";

  /** What holds where the key is left out and {@link #byDefault} cannot say it, in words. */
  String otherwise() default "";

  /** The smallest number allowed. */
  double least() default Double.NEGATIVE_INFINITY;

  /** The largest number allowed. */
  double most() default Double.POSITIVE_INFINITY;

  /** A number must be larger. */
  double above() default Double.NEGATIVE_INFINITY;

  /** A number must be smaller. */
  double below() default Double.POSITIVE_INFINITY;

  /** True for numbers that must be odd. */
  boolean odd() default false;

  /**
   * An enum with a method {@code label()}, whose labels are the values allowed; of {@link Form}s
   * those without settings are words, and the others are values, too.
   */
  Class<?> labels() default Void.class;

  /** Stands before each of {@link #labels}. */
  String prefix() default "";

  /** For a list: what its elements are, where the type of the component does not say so. */
  Class<?> elements() default Void.class;

  /** A record that may stand in the list's place. */
  Class<?> form() default Void.class;

  /** The words allowed: all values, or those beside numbers where the key takes both. */
  String[] words() default {};
}
