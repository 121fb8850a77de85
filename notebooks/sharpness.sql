-- How sharp is each network's minimum? One row per network, measures side by side
-- (of `bitquake landscape`).
--
-- network      name of the network
-- loss         at the weight codes, nats
-- accuracy     at the weight codes, %
-- sam_rise     rise of the loss one SAM step away, nats
-- ascent_rise  largest rise found within the same ball, nats
-- mean_rise    mean rise at the largest filter-normalised radius, nats
-- rise_error   its standard error
-- eigenvalue   largest eigenvalue of the Hessian, nats per squared weight
-- trace        trace of the Hessian, nats per squared weight
-- trace_error  its standard error
-- times_flatter how many times smaller its mean rise is than that of the sharpest network
WITH farthest AS (
  SELECT max(radius) AS radius FROM sharpness WHERE measure = 'mean-rise'
),
wide AS (
  SELECT
    network,
    first(loss) AS loss,
    first(accuracy) AS accuracy,
    max(value) FILTER (WHERE measure = 'sam-one-step') AS sam_rise,
    max(value) FILTER (WHERE measure = 'sam-ascent') AS ascent_rise,
    max(value) FILTER (WHERE measure = 'mean-rise' AND radius = farthest) AS mean_rise,
    max(standard_error) FILTER (WHERE measure = 'mean-rise' AND radius = farthest) AS rise_error,
    max(value) FILTER (WHERE measure = 'largest-eigenvalue') AS eigenvalue,
    max(value) FILTER (WHERE measure = 'trace') AS trace,
    max(standard_error) FILTER (WHERE measure = 'trace') AS trace_error
  FROM sharpness CROSS JOIN (SELECT radius AS farthest FROM farthest)
  GROUP BY network
)
SELECT
  network,
  round(loss, 4) AS loss,
  round(100 * accuracy, 2) AS accuracy,
  round(sam_rise, 4) AS sam_rise,
  round(ascent_rise, 4) AS ascent_rise,
  round(mean_rise, 4) AS mean_rise,
  round(rise_error, 4) AS rise_error,
  round(eigenvalue, 3) AS eigenvalue,
  round(trace, 2) AS trace,
  round(trace_error, 2) AS trace_error,
  round((SELECT max(mean_rise) FROM wide) / mean_rise, 1) AS times_flatter
FROM wide
ORDER BY wide.mean_rise, network;
