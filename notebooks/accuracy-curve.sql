-- How does accuracy fall with the fault rate? One row per cell of the campaign.
--
-- kind, network, percent_faulty   the cell
-- clean      accuracy without faults, %
-- accuracy   estimated mean accuracy, %
-- low, high  its confidence interval, %
-- worst      accuracy of the worst trial seen, %
-- trials     trials behind the estimate
SELECT
  kind,
  network,
  round(100 * rate, 6) AS percent_faulty,
  round(100 * clean_accuracy, 2) AS clean,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * greatest(0, accuracy - coalesce(half_width, 0)), 2) AS low,
  round(100 * least(1, accuracy + coalesce(half_width, 0)), 2) AS high,
  round(100 * min_accuracy, 1) AS worst,
  trials
FROM cells
WHERE accuracy IS NOT NULL
ORDER BY kind, network, rate;
