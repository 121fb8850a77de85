-- Which layer and which bit are the most sensitive? Those whose single faults change predictions
-- most often; of equals, those that change more of them.
--
-- network, kind  the network, and the kind of single faults
-- by             what the memory cells are divided by: layer, bit, or both
-- layer, bit     the most sensitive of these; bit 0 is the least significant, null: all
-- cells          how many memory cells it has
-- critical       % of its faults that change at least one prediction
-- low, high      confidence interval of that, %
-- sdc1           % of (fault, image) pairs whose prediction changes
-- times          critical, over that of the whole network
-- clear          true if the interval lies above those of all others, false if more faults might
--                give another answer, null if there are no others
WITH parts AS (
  SELECT
    *,
    CASE WHEN bit IS NULL THEN 'layer' WHEN layer IS NULL THEN 'bit' ELSE 'both' END AS by
  FROM single_fault_rates
  WHERE changed_prediction IS NOT NULL AND (layer IS NOT NULL OR bit IS NOT NULL)
),
ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY network, kind, by ORDER BY changed_prediction DESC, sdc1 DESC, layer, bit) AS place
  FROM parts
),
compared AS (
  SELECT
    *,
    max(CASE WHEN place > 1 THEN changed_prediction_high END)
      OVER (PARTITION BY network, kind, by) AS highest_other
  FROM ranked
)
SELECT
  c.network,
  c.kind,
  by,
  c.layer,
  c.bit,
  c.population AS cells,
  round(100 * c.changed_prediction, 2) AS critical,
  round(100 * c.changed_prediction_low, 2) AS low,
  round(100 * c.changed_prediction_high, 2) AS high,
  round(100 * c.sdc1, 3) AS sdc1,
  round(c.changed_prediction / nullif(whole.changed_prediction, 0), 2) AS times,
  c.changed_prediction_low > highest_other AS clear
FROM compared c
LEFT JOIN single_fault_rates whole
  ON whole.network = c.network AND whole.kind = c.kind
  AND whole.layer IS NULL AND whole.bit IS NULL
WHERE place = 1
ORDER BY c.network, c.kind, by DESC;
