-- How far can weights move before accuracy suffers? The widest stretch around the weight codes
-- where the mean accuracy over random directions stays within 5 points (of `bitquake landscape`).
--
-- network    name of the network
-- directions random directions that the mean is over
-- centre     accuracy at the weight codes, %
-- reach      how far, in norms of each filter; null if even the first point loses more
-- at_reach   mean accuracy there, %, of both sides
WITH profile AS (
  SELECT
    network,
    abs(alpha) AS distance,
    count(DISTINCT direction) AS directions,
    avg(accuracy) AS accuracy
  FROM landscape
  WHERE kind = 'line'
  GROUP BY network, abs(alpha)
),
compared AS (
  SELECT
    *,
    first_value(accuracy) OVER (PARTITION BY network ORDER BY distance) AS centre
  FROM profile
),
kept AS (
  SELECT
    *,
    min(accuracy >= centre - 0.05) OVER (PARTITION BY network ORDER BY distance) AS holds
  FROM compared
)
SELECT
  network,
  max(directions) AS directions,
  round(100 * max(centre), 2) AS centre,
  round(max(distance) FILTER (WHERE holds AND distance > 0), 4) AS reach,
  round(100 * max_by(accuracy, distance) FILTER (WHERE holds AND distance > 0), 2) AS at_reach
FROM kept
GROUP BY network
ORDER BY reach DESC NULLS LAST, network;
