-- Do the gains of sparse activations survive faults in the weight memory?
--
-- network, kind, percent_faulty   what was hit, and how
-- maps                            fault maps simulated
-- zeros                           activations that are 0, mean over the maps, %
-- speed_up                        of all layers, mean over the maps
-- sd                              its standard deviation over the maps
-- lowest                          its value under the worst map
-- without_faults                  the speed-up without faults
-- gain_kept                       part of what is gained without faults that is left, %
WITH whole AS (
  SELECT
    network,
    kind,
    rate,
    fault_map,
    sum(baseline_cycles) / sum(cnvlutin_cycles) AS speed_up,
    sum(zero_activations) / sum(activations) AS zeros
  FROM cnvlutin_layers
  GROUP BY network, kind, rate, fault_map
)
SELECT
  faulty.network,
  faulty.kind,
  round(100 * faulty.rate, 4) AS percent_faulty,
  count(*) AS maps,
  round(100 * avg(faulty.zeros), 1) AS zeros,
  round(avg(faulty.speed_up), 3) AS speed_up,
  round(stddev_samp(faulty.speed_up), 3) AS sd,
  round(min(faulty.speed_up), 3) AS lowest,
  round(clean.speed_up, 3) AS without_faults,
  round(100 * (avg(faulty.speed_up) - 1) / nullif(clean.speed_up - 1, 0), 1) AS gain_kept
FROM whole faulty JOIN whole clean ON faulty.network = clean.network
WHERE faulty.kind IS NOT NULL AND clean.kind IS NULL
GROUP BY faulty.network, faulty.kind, faulty.rate, clean.speed_up
ORDER BY faulty.network, faulty.kind, faulty.rate;
