-- What the faults cost: accuracy lost against the fault-free network.
--
-- kind, network, percent_faulty   the cell
-- lost                            clean accuracy minus accuracy, percentage points
-- half_width                      half of its confidence interval, percentage points
-- relative                        part of the clean accuracy that is gone, %
-- significant                     true if the interval excludes no loss
SELECT
  kind,
  network,
  round(100 * rate, 4) AS percent_faulty,
  round(100 * (clean_accuracy - accuracy), 2) AS lost,
  round(100 * half_width, 2) AS half_width,
  round(100 * (clean_accuracy - accuracy) / clean_accuracy, 1) AS relative,
  abs(clean_accuracy - accuracy) > half_width AS significant
FROM cells
WHERE accuracy IS NOT NULL
ORDER BY kind, network, rate;
