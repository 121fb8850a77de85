-- Which memory cells to protect first: the layers and bits whose single faults change predictions.
--
-- network, kind, layer, bit   the cells; bit 0 is the least significant
-- cells, injected             how many there are, and how many were tried
-- masked                      % of faults that change no logit
-- critical                    % of faults that change at least one prediction
-- at_most                     upper end of the confidence interval of that, %
-- sdc1                        % of (fault, image) pairs whose prediction changes
-- mean_drop, worst_drop       accuracy lost by a fault, percentage points
-- share                       % of all faults of the network that change a prediction lie here
SELECT
  network,
  kind,
  layer,
  bit,
  population AS cells,
  injected,
  round(100 * masked, 1) AS masked,
  round(100 * changed_prediction, 1) AS critical,
  round(100 * changed_prediction_high, 1) AS at_most,
  round(100 * sdc1, 3) AS sdc1,
  round(100 * mean_drop, 3) AS mean_drop,
  round(100 * worst_drop, 1) AS worst_drop,
  round(
    100 * population * changed_prediction
      / sum(population * changed_prediction) OVER (PARTITION BY network, kind), 1) AS share
FROM single_fault_rates
WHERE layer IS NOT NULL AND bit IS NOT NULL AND changed_prediction IS NOT NULL
ORDER BY changed_prediction DESC, network, kind, layer, bit
LIMIT 20;
