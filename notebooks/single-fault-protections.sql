-- How much of the harm of single faults does a protection remove, and what does it cost?
--
-- network, faults  the network, and what a faulty cell does
-- protection    what protects the memory of weights; the faults are the same under each
-- added_cells   check cells, % of the cells of the weights
-- added_area    area of check cells and of what hardened cells are larger, % of the cells of the weights
-- critical      % of faults that change at least one prediction
-- low, high     its confidence interval, %
-- sdc1          % of (fault, image) pairs whose prediction changes
-- mean_drop, worst_drop  accuracy lost by a fault, percentage points
-- removed       % of the pairs that change without protection and do not with it; negative: there are more
SELECT
  p.network,
  p.faults,
  p.protection,
  round(100 * p.added_cells, 2) AS added_cells,
  round(100 * p.added_area, 2) AS added_area,
  round(100 * r.changed_prediction, 2) AS critical,
  round(100 * r.changed_prediction_low, 2) AS low,
  round(100 * r.changed_prediction_high, 2) AS high,
  round(100 * r.sdc1, 3) AS sdc1,
  round(100 * r.mean_drop, 3) AS mean_drop,
  round(100 * r.worst_drop, 2) AS worst_drop,
  round(100 * (1 - r.sdc1 / nullif(b.sdc1, 0)), 1) AS removed
FROM protections p
JOIN single_fault_rates r
  ON r.network = p.network
  AND r.kind = p.kind
  AND r.layer IS NULL
  AND r.bit IS NULL
LEFT JOIN single_fault_rates b
  ON b.network = p.network
  AND b.kind = p.faults
  AND b.layer IS NULL
  AND b.bit IS NULL
ORDER BY p.network, p.faults, added_area, p.protection;
