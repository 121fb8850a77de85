-- Where the networks suffer most: the twenty cells that lose the most accuracy.
--
-- network, kind, percent_faulty   the cell
-- accuracy, clean                 with and without faults, %
-- lost                            percentage points
-- worst_trial                     accuracy of the worst single fault map seen, %
-- sd                              standard deviation from trial to trial, percentage points
SELECT
  network,
  kind,
  round(100 * rate, 4) AS percent_faulty,
  round(100 * accuracy, 1) AS accuracy,
  round(100 * clean_accuracy, 1) AS clean,
  round(100 * (clean_accuracy - accuracy), 1) AS lost,
  round(100 * min_accuracy, 1) AS worst_trial,
  round(100 * sd, 1) AS sd
FROM cells
WHERE accuracy IS NOT NULL
ORDER BY clean_accuracy - accuracy DESC, network, kind, rate
LIMIT 20;
