-- What does each network offer? Accuracy without faults and with the most, and sparsity, side by side.
--
-- network       name of the network
-- zeros         activations after ReLU that are 0 without faults, of all layers together, %
-- clean         accuracy without faults, %
-- kind, percent_faulty  the fault kind, and the campaign's highest rate
-- accuracy      estimated mean accuracy under these faults, %
-- half_width    half of its confidence interval, points
-- content       SHA-256 of the network, to find it in other results
SELECT
  c.network,
  round(100 * zeros, 2) AS zeros,
  round(100 * c.clean_accuracy, 2) AS clean,
  kind,
  round(100 * rate, 6) AS percent_faulty,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * coalesce(half_width, 0), 2) AS half_width,
  content_hash AS content
FROM cells c
JOIN networks n ON c.network = n.network
JOIN (
  SELECT network, sum(zero_activations) / sum(activations) AS zeros
  FROM activations
  GROUP BY network
) s ON c.network = s.network
WHERE accuracy IS NOT NULL AND rate = (SELECT max(rate) FROM cells)
ORDER BY kind, c.network;
