-- Which layers and bits matter? The share of single faults that change a prediction.
--
-- network, kind, layer, bit   the cells; bit 0 is the least significant
-- cells, injected             how many there are, and how many were tried
-- critical                    % of faults that change at least one prediction
-- low, high                   its confidence interval, %
-- masked                      % of faults that change no logit
-- sdc1                        % of (fault, image) pairs whose prediction changes
-- worst_drop                  most accuracy lost by a fault, percentage points
SELECT
  network,
  kind,
  layer,
  bit,
  population AS cells,
  injected,
  round(100 * changed_prediction, 2) AS critical,
  round(100 * changed_prediction_low, 2) AS low,
  round(100 * changed_prediction_high, 2) AS high,
  round(100 * masked, 2) AS masked,
  round(100 * sdc1, 3) AS sdc1,
  round(100 * worst_drop, 2) AS worst_drop
FROM single_fault_rates
WHERE layer IS NOT NULL AND bit IS NOT NULL AND changed_prediction IS NOT NULL;
