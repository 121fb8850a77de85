-- Which layers and bits are worth protecting? What faults in each bit of each layer alone cost.
--
-- network, encoding  the network, and how its codes are stored
-- layer, bit    where faults are; bit 0 is the least significant, null the only one of its layer
-- loss          accuracy that they cost, points; below 0 by chance, or where they help
-- half_width    half its confidence interval, points
-- trials        that say so; none where no cell can fail
-- chosen        whether the cheapest protection that was confirmed stores codes so; where none was, the most accurate one
WITH chosen AS (
  SELECT
    network,
    max(clean_accuracy) AS clean,
    max_by(encoding, struct(winner, accuracy, -added_area)) AS encoding
  FROM protection_frontier
  GROUP BY network
),
alone AS (
  SELECT
    *,
    regexp_extract(protection, '^only (.*?)(:(\\d+))?$', 1) AS layer,
    CAST(nullif(regexp_extract(protection, '^only (.*?)(:(\\d+))?$', 3), '') AS INT) AS bit,
    min(step) OVER (PARTITION BY network, encoding) AS first_step
  FROM protection_steps
  WHERE phase = 'harm'
)
SELECT
  a.network,
  a.encoding,
  a.layer,
  a.bit,
  round(100 * (c.clean - a.accuracy), 2) AS loss,
  round(100 * a.half_width, 2) AS half_width,
  a.trials,
  a.encoding = c.encoding AS chosen
FROM alone a
JOIN chosen c
  ON c.network = a.network
WHERE a.step = a.first_step AND a.accuracy IS NOT NULL
ORDER BY a.network, a.step, try_cast(substring(a.design, 8) AS INT);
