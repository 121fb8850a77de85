-- Were the faults as frequent as asked for? The observed rate against the nominal one.
--
-- Holds for campaigns that hit every cell of the weights of networks with one bit width throughout.
--
-- network, kind            all trials of one kind
-- percent_asked            nominal rate, %
-- percent_seen             faulty cells in a hundred
-- z                        distance in standard deviations of the binomial law: |z| > 4 is a defect
-- percent_weights_changed  weights that read as another value; below the hit ones for stuck-at
--                          faults, which may force a cell to what it holds already
SELECT
  t.network,
  kind,
  round(100 * rate, 4) AS percent_asked,
  round(100 * sum(faulty_cells) / sum(weights * weight_bits), 4) AS percent_seen,
  round(
    (sum(faulty_cells) - rate * sum(weights * weight_bits))
      / nullif(sqrt(rate * (1 - rate) * sum(weights * weight_bits)), 0),
    2) AS z,
  round(100 * sum(changed_weights) / sum(weights), 3) AS percent_weights_changed
FROM trials t JOIN networks n ON t.network = n.network
WHERE error IS NULL
GROUP BY t.network, kind, rate
ORDER BY t.network, kind, rate;
