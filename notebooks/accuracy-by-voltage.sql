-- How does accuracy fall with the supply voltage, and what does an access cost there? One row per cell of a
-- campaign whose rates are those of voltages.
--
-- kind, network  the fault model and the network
-- voltage    in the unit of the curve
-- energy     of an access, relative; null: the curve does not say
-- percent_faulty  probability of a memory cell to be faulty there, %
-- accuracy   estimated mean accuracy, %
-- low, high  its confidence interval, %
SELECT
  kind,
  network,
  voltage,
  energy,
  round(100 * rate, 6) AS percent_faulty,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * greatest(0, accuracy - coalesce(half_width, 0)), 2) AS low,
  round(100 * least(1, accuracy + coalesce(half_width, 0)), 2) AS high
FROM cells
WHERE accuracy IS NOT NULL
ORDER BY kind, network, voltage;
