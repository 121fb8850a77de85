-- Which network to choose: all networks ranked at one fault rate, with their intervals.
--
-- kind           fault kind
-- percent_faulty the rate; the highest of the campaign unless you edit the first query
-- place          1 is the most accurate
-- network        name of the network
-- accuracy       %
-- low, high      confidence interval, %
-- may_be_best    true if its interval reaches that of the first, so that more trials could
--                change the order (for a sharper answer see paired-differences.sql)
WITH chosen AS (
  SELECT max(rate) AS rate FROM cells
),
ranked AS (
  SELECT
    kind,
    cells.rate,
    network,
    accuracy,
    accuracy - coalesce(half_width, 0) AS low,
    accuracy + coalesce(half_width, 0) AS high,
    rank() OVER (PARTITION BY kind ORDER BY accuracy DESC) AS place
  FROM cells JOIN chosen ON cells.rate = chosen.rate
  WHERE accuracy IS NOT NULL
)
SELECT
  kind,
  round(100 * rate, 4) AS percent_faulty,
  place,
  network,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * low, 2) AS low,
  round(100 * high, 2) AS high,
  high >= max(CASE WHEN place = 1 THEN low END) OVER (PARTITION BY kind) AS may_be_best
FROM ranked
ORDER BY kind, place, network;
