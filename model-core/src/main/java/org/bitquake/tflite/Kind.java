package org.bitquake.tflite;

import java.util.Arrays;
import java.util.Optional;

/** The built-in operators that can be part of an integer network, with their codes. */
enum Kind {
  ADD(0),
  AVERAGE_POOL_2D(1),
  CONCATENATION(2),
  CONV_2D(3),
  DEPTHWISE_CONV_2D(4),
  DEQUANTIZE(6),
  FULLY_CONNECTED(9),
  LOGISTIC(14),
  MAX_POOL_2D(17),
  RELU(19),
  RELU_N1_TO_1(20),
  RELU6(21),
  RESHAPE(22),
  SOFTMAX(25),
  PAD(34),
  MEAN(40),
  SQUEEZE(43),
  LOG_SOFTMAX(50),
  EXPAND_DIMS(70),
  ARG_MAX(56),
  QUANTIZE(114);

  private final int code;

  Kind(int code) {
    this.code = code;
  }

  static Optional<Kind> of(int code) {
    return Arrays.stream(values()).filter(k -> k.code == code).findFirst();
  }

  /** Its name, or what else to call it. */
  static String name(int code) {
    return of(code).map(Kind::name).orElse("of the kind " + code);
  }
}
