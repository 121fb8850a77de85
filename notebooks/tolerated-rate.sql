-- How many faults does a network bear? The highest rate that surely costs less than a given loss.
--
-- "Surely": the upper end of the loss's confidence interval is below the limit, here and at every
-- lower rate of the campaign.
--
-- network, kind   the network and the fault kind
-- within_1_point  highest rate, in % of the cells, that loses less than 1 percentage point
-- within_5_points the same for 5 percentage points; null: not even the lowest rate
WITH losses AS (
  SELECT
    network,
    kind,
    rate,
    max(clean_accuracy - accuracy + coalesce(half_width, 0))
      OVER (PARTITION BY network, kind ORDER BY rate) AS worst_so_far
  FROM cells
  WHERE accuracy IS NOT NULL
)
SELECT
  network,
  kind,
  round(100 * max(CASE WHEN worst_so_far < 0.01 THEN rate END), 4) AS within_1_point,
  round(100 * max(CASE WHEN worst_so_far < 0.05 THEN rate END), 4) AS within_5_points
FROM losses
GROUP BY network, kind
ORDER BY kind, within_5_points DESC NULLS LAST, within_1_point DESC NULLS LAST, network;
