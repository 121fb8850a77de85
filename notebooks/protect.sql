-- What does each protection that a search measured keep, and what does it cost?
--
-- network, encoding  the network, and how its codes are stored
-- protection    what protects the memory of weights, and where: "harden conv1:23" is bits 2 and 3 of layer conv1
-- phase         what it was first measured for: encodings (no protection), uniform (alike in all layers), front, trim
-- added_cells   check cells, % of the cells of the weights
-- added_area    area of check cells and of what hardened cells are larger, % of the cells of the weights
-- trials        of the search
-- accuracy, half_width  in them, and half its confidence interval, %
-- target        what is to be kept, %
-- frontier      whether nothing cheaper, nor anything of that price, has as much accuracy
-- fresh_accuracy  of a finalist, in trials that the search did not see, %
-- at_least      what its accuracy is at least, in all finalists of all networks at once, %
-- winner        whether it is the cheapest that is confirmed
WITH measured AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY network, encoding, design ORDER BY step DESC) AS latest,
    first_value(phase) OVER (PARTITION BY network, encoding, design ORDER BY step) AS first_phase
  FROM protection_steps
  WHERE phase <> 'confirm' AND added_area IS NOT NULL
)
SELECT
  m.network,
  m.encoding,
  m.protection,
  m.first_phase AS phase,
  round(100 * m.added_cells, 3) AS added_cells,
  round(100 * m.added_area, 3) AS added_area,
  m.trials,
  round(100 * m.accuracy, 2) AS accuracy,
  round(100 * m.half_width, 2) AS half_width,
  round(100 * m.target, 2) AS target,
  coalesce(f.undominated, FALSE) AS frontier,
  round(100 * f.fresh_accuracy, 2) AS fresh_accuracy,
  round(100 * f.bound, 2) AS at_least,
  coalesce(f.winner, FALSE) AS winner
FROM measured m
LEFT JOIN protection_frontier f
  ON f.network = m.network
  AND f.encoding = m.encoding
  AND f.design = m.design
WHERE m.latest = 1
ORDER BY m.network, added_area, accuracy DESC, m.encoding, m.protection;
