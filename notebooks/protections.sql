-- What does each protection give, and what does it cost?
--
-- network, faults, percent_faulty  the network, the fault model, and its rate
-- protection    what protects the memory of weights
-- added_cells   check cells, % of the cells of the weights
-- added_area    area of check cells and of what hardened cells are larger, % of the cells of the weights
-- accuracy, half_width  and half its confidence interval, %
-- gain          accuracy above that without protection, points: the same faults, trial by trial
-- low, high     its confidence interval, points
-- frontier      whether nothing cheaper, nor anything of that price, has as much accuracy
WITH found AS (
  SELECT
    p.network,
    p.faults,
    p.kind,
    p.protection,
    p.added_cells,
    p.added_area,
    c.rate,
    c.accuracy,
    c.half_width
  FROM protections p
  JOIN cells c
    ON c.network = p.network
    AND c.kind = p.kind
  WHERE c.accuracy IS NOT NULL
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
  f.protection,
  round(100 * f.added_cells, 2) AS added_cells,
  round(100 * f.added_area, 2) AS added_area,
  round(100 * f.accuracy, 2) AS accuracy,
  round(100 * f.half_width, 2) AS half_width,
  round(100 * g.gain, 2) AS gain,
  round(100 * (g.gain - g.half_width), 2) AS low,
  round(100 * (g.gain + g.half_width), 2) AS high,
  NOT EXISTS (
    SELECT 1
    FROM found o
    WHERE
      o.network = f.network
      AND o.faults = f.faults
      AND o.rate = f.rate
      AND o.added_area <= f.added_area
      AND o.accuracy >= f.accuracy
      AND (o.added_area < f.added_area OR o.accuracy > f.accuracy)
  ) AS frontier
FROM found f
LEFT JOIN gains g
  ON g.network = f.network
  AND g.rate = f.rate
  AND g.base = f.faults
  AND g.kind = f.kind
ORDER BY f.network, f.faults, percent_faulty, added_area, f.protection;
