-- Were there enough trials? The half-width of the 95 % confidence interval after the first 32, 64,
-- 128, … trials of each cell (normal approximation; the table cells has the final interval,
-- corrected for skewness). It should fall as one over the square root of the trials.
--
-- kind, network, percent_faulty   the cell
-- trials      the first so many
-- half_width  half of the interval of the mean accuracy, percentage points
WITH numbered AS (
  SELECT
    network,
    kind,
    rate,
    row_number() OVER (PARTITION BY network, kind, rate ORDER BY trial) AS n,
    count(*) OVER (PARTITION BY network, kind, rate) AS last,
    (correct - golden_correct) / images AS change
  FROM trials
  WHERE correct IS NOT NULL AND rate > 0
),
running AS (
  SELECT *, stddev_samp(change) OVER (PARTITION BY network, kind, rate ORDER BY n) AS sd
  FROM numbered
)
SELECT
  kind,
  network,
  round(100 * rate, 6) AS percent_faulty,
  n AS trials,
  round(100 * 1.959964 * sd / sqrt(n), 4) AS half_width
FROM running
WHERE (n >= 32 AND bit_count(n) = 1) OR n = last
ORDER BY kind, network, rate, n;
