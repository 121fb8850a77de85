-- How sparse can activations be before fault tolerance suffers (open question 2 of arXiv 2406.10528)?
-- Zeros and accuracy of each network, for each kind and rate of faults.
--
-- kind, percent_faulty  the fault kind and rate
-- network       name of the network
-- lambda, rho, quantizer  how it was trained
-- family        ρ, clip and faultRate, and the quantiser where it is not lsq: networks that differ in
--               λ and seed alone; other where the provenance does not say
-- zeros         activations after ReLU that are 0 without faults, of all layers together, %
-- clean         accuracy without faults, %
-- accuracy      estimated mean accuracy under the faults, %
-- low, high     its confidence interval, %
-- frontier      true if no other network has at least as many zeros and at least this accuracy, and
--               more of one of them (Pareto): by the estimates, not their intervals
WITH sparsity AS (
  SELECT network, sum(zero_activations) / sum(activations) AS zeros
  FROM activations
  GROUP BY network
),
points AS (
  SELECT
    kind,
    rate,
    c.network,
    lambda,
    rho,
    quantizer,
    coalesce(family, 'other') AS family,
    zeros,
    c.clean_accuracy AS clean,
    accuracy,
    coalesce(half_width, 0) AS half
  FROM cells c
  JOIN methods m ON c.network = m.network
  JOIN sparsity s ON c.network = s.network
  WHERE accuracy IS NOT NULL
)
SELECT
  kind,
  round(100 * rate, 6) AS percent_faulty,
  network,
  lambda,
  rho,
  quantizer,
  family,
  round(100 * zeros, 2) AS zeros,
  round(100 * clean, 2) AS clean,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * greatest(0, accuracy - half), 2) AS low,
  round(100 * least(1, accuracy + half), 2) AS high,
  struct(accuracy, zeros) = max(struct(accuracy, zeros))
    OVER (PARTITION BY kind, rate ORDER BY zeros DESC RANGE UNBOUNDED PRECEDING) AS frontier
FROM points
ORDER BY kind, rate, points.zeros, network;
