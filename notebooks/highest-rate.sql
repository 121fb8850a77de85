-- What do the most faults of the campaign cost each network?
--
-- network   name of the network
-- content   SHA-256 of the network, to find it in other results
-- kind, percent_faulty   the fault kind, and its highest rate
-- lost      accuracy lost, percentage points
-- half_width half of its confidence interval
SELECT
  c.network,
  content_hash AS content,
  kind,
  round(100 * rate, 6) AS percent_faulty,
  round(100 * (c.clean_accuracy - accuracy), 3) AS lost,
  round(100 * coalesce(half_width, 0), 3) AS half_width
FROM cells c JOIN networks n ON c.network = n.network
WHERE accuracy IS NOT NULL AND rate = (SELECT max(rate) FROM cells)
ORDER BY kind, c.network;
