-- Were there enough trials? The half-width of the 95 % confidence interval after the first 32, 64,
-- 128, … trials of each cell (normal approximation; the table cells has the final interval,
-- corrected for skewness). It should fall as one over the square root of the trials.
--
-- kind, network, percent_faulty   the cell
-- trials      the first so many; fewer where some of them failed
-- half_width  half of the interval of the mean accuracy, percentage points
WITH changes AS (
  SELECT
    network,
    kind,
    rate,
    greatest(32, shiftleft(1L, length(bin(trial)))) AS below,
    (correct - golden_correct) / images AS change
  FROM trials
  WHERE correct IS NOT NULL AND rate > 0
),
blocks AS (
  SELECT
    network,
    kind,
    rate,
    below,
    count(*) AS trials,
    sum(change) AS total,
    sum(change * change) AS squares
  FROM changes
  GROUP BY network, kind, rate, below
),
running AS (
  SELECT
    network,
    kind,
    rate,
    sum(trials) OVER cell AS n,
    sum(total) OVER cell AS total,
    sum(squares) OVER cell AS squares
  FROM blocks
  WINDOW cell AS (PARTITION BY network, kind, rate ORDER BY below)
)
SELECT
  kind,
  network,
  round(100 * rate, 6) AS percent_faulty,
  n AS trials,
  round(100 * 1.959964 * sqrt(greatest(0, squares - total * total / n) / (n - 1) / n), 4)
    AS half_width
FROM running
ORDER BY kind, network, rate, n;
