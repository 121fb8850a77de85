-- How many cells were faulty in one trial of each fault model? The first trial, at the highest rate, of
-- the network that comes first by name.
--
-- network        the network
-- kind           the fault model
-- percent_faulty the fault rate
-- trial          its number
-- faulty_cells   faulty memory cells
-- changed_weights  weights that read as another value
WITH one AS (
  SELECT min(network) AS network, max(rate) AS rate, min(trial) AS trial FROM trials
)
SELECT
  trials.network,
  kind,
  round(100 * trials.rate, 6) AS percent_faulty,
  trials.trial,
  faulty_cells,
  changed_weights
FROM trials JOIN one
  ON trials.network = one.network AND trials.rate = one.rate AND trials.trial = one.trial
ORDER BY kind;
