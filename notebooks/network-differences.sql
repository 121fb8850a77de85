-- How much better or worse than the first network is each other one, on the same faults and images?
--
-- Intervals are those of the paired differences, corrected for skewness: narrower than those of the
-- two accuracies.
--
-- kind, percent_faulty  the fault kind and rate
-- network, than         the two networks; than is the first of the configuration
-- difference            accuracy of network minus that of than, percentage points
-- low, high             its confidence interval
-- significant           true if the interval excludes 0
-- trials                pairs of trials
SELECT
  kind_a AS kind,
  round(100 * rate_a, 6) AS percent_faulty,
  network_b AS network,
  network_a AS than,
  round(-100 * difference, 3) AS difference,
  round(100 * (-difference - coalesce(half_width, 0)), 3) AS low,
  round(100 * (-difference + coalesce(half_width, 0)), 3) AS high,
  abs(difference) > coalesce(half_width, 0) AS significant,
  trials
FROM pairs
WHERE
  differs_in = 'network'
  AND difference IS NOT NULL
  AND network_a NOT IN (SELECT network_b FROM pairs WHERE differs_in = 'network')
ORDER BY kind, network, rate_a;
