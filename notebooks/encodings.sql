-- What does it change how weight codes are stored?
--
-- network, faults, percent_faulty  the network, the fault model, and its rate
-- encoding      how its codes are stored
-- accuracy, half_width  and half its confidence interval, %
-- lost          accuracy lost against none faulty, points
-- gain          accuracy above that of codes in two's complement, points: the same cells fail, trial by trial
-- low, high     its confidence interval, points
-- layer, shift  the layer whose weights faults push furthest to one side, and how far: the mean change of a
--               weight, % of the layer's root mean square weight. Activations are not negative, so that is a
--               bias on every sum. Known for independent cells that flip or are stuck
WITH found AS (
  SELECT DISTINCT
    e.network,
    e.faults,
    e.encoding,
    e.kind,
    c.rate,
    c.accuracy,
    c.clean_accuracy,
    c.half_width
  FROM encodings e
  JOIN cells c
    ON c.network = e.network
    AND c.kind = e.kind
    AND c.rate = e.rate
  WHERE c.accuracy IS NOT NULL
),
shifts AS (
  SELECT network, kind, rate, max_by(layer, abs(shift)) AS layer, max_by(shift, abs(shift)) AS shift
  FROM encodings
  GROUP BY network, kind, rate
),
gains AS (
  SELECT network_a AS network, rate_a AS rate, kind_a AS base, kind_b AS kind, -difference AS gain, half_width
  FROM pairs
  WHERE differs_in = 'kind'
  UNION ALL
  SELECT network_a, rate_a, kind_b, kind_a, difference, half_width
  FROM pairs
  WHERE differs_in = 'kind'
)
SELECT
  f.network,
  f.faults,
  round(100 * f.rate, 6) AS percent_faulty,
  f.encoding,
  round(100 * f.accuracy, 2) AS accuracy,
  round(100 * f.half_width, 2) AS half_width,
  round(100 * (f.clean_accuracy - f.accuracy), 2) AS lost,
  round(100 * g.gain, 2) AS gain,
  round(100 * (g.gain - g.half_width), 2) AS low,
  round(100 * (g.gain + g.half_width), 2) AS high,
  s.layer,
  round(100 * s.shift, 2) AS shift
FROM found f
JOIN shifts s
  ON s.network = f.network
  AND s.kind = f.kind
  AND s.rate = f.rate
LEFT JOIN gains g
  ON g.network = f.network
  AND g.rate = f.rate
  AND g.base = concat(f.faults, ' in twos-complement')
  AND g.kind = f.kind
ORDER BY f.network, f.faults, percent_faulty, f.encoding;
