-- How bad can a single chip be? Quantiles over fault maps, where trials saw all images.
--
-- network, kind, percent_faulty   the cell
-- percent     of the fault maps …
-- accuracy    … have at most this accuracy, %
-- low, high   its confidence interval, % (order statistics: whatever the distribution)
-- trials      fault maps seen
SELECT
  network,
  kind,
  round(100 * rate, 6) AS percent_faulty,
  round(100 * quantile, 2) AS percent,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * low, 2) AS low,
  round(100 * high, 2) AS high,
  trials
FROM quantiles
ORDER BY network, kind, rate, quantile;
