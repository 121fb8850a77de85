-- What is the cheapest protection that keeps each network's target?
--
-- network       the network
-- clean, target  accuracy without faults, and what is to be kept, %
-- confirmed     whether a protection was confirmed to keep it; if not, the row is of the most accurate one
-- protection    what protects the memory of weights, and where: "harden conv1:23" is bits 2 and 3 of layer conv1
-- encoding      how codes are stored
-- added_cells   check cells, % of the cells of the weights
-- added_area    area of check cells and of what hardened cells are larger, % of the cells of the weights
-- accuracy      in fresh trials, %; if not confirmed and no finalist, in those of the search
-- at_least      what it is at least, in all finalists of all networks at once, %
-- confidence    with which that holds, %
-- uniform, uniform_area  the cheapest that is alike in all layers and reached the target in the search, and its added area, %
WITH best AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY network
      ORDER BY winner DESC, accuracy DESC, added_area) AS place
  FROM protection_frontier
),
latest AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY network, encoding, design ORDER BY step DESC) AS place
  FROM protection_steps
  WHERE phase <> 'confirm'
),
uniform AS (
  SELECT
    l.network,
    min_by(l.protection, l.added_area) AS protection,
    min(l.added_area) AS added_area
  FROM latest l
  WHERE l.place = 1
    AND l.accuracy >= l.target
    AND EXISTS (
      SELECT 1
      FROM protection_steps s
      WHERE
        s.network = l.network
        AND s.encoding = l.encoding
        AND s.design = l.design
        AND s.phase = 'uniform'
    )
  GROUP BY l.network
)
SELECT
  b.network,
  round(100 * b.clean_accuracy, 2) AS clean,
  round(100 * b.target, 2) AS target,
  b.winner AS confirmed,
  b.protection,
  b.encoding,
  round(100 * b.added_cells, 3) AS added_cells,
  round(100 * b.added_area, 3) AS added_area,
  round(100 * coalesce(b.fresh_accuracy, b.accuracy), 2) AS accuracy,
  round(100 * b.bound, 2) AS at_least,
  round(100 * b.confidence, 3) AS confidence,
  u.protection AS uniform,
  round(100 * u.added_area, 3) AS uniform_area
FROM best b
LEFT JOIN uniform u
  ON u.network = b.network
WHERE b.place = 1
ORDER BY b.network;
