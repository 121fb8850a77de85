-- How long does an image take on Cnvlutin, and how much longer on DaDianNao, without faults?
--
-- network          name of the network
-- cnvlutin_cycles  cycles of all layers on Cnvlutin, mean of an image
-- baseline_cycles  on DaDianNao
-- speed_up         their ratio
-- content          SHA-256 of the network, to find it in campaigns
SELECT
  network,
  round(sum(cnvlutin_cycles / images), 1) AS cnvlutin_cycles,
  round(sum(baseline_cycles / images), 1) AS baseline_cycles,
  round(sum(baseline_cycles / images) / sum(cnvlutin_cycles / images), 3) AS speed_up,
  network_hash AS content
FROM cnvlutin_layers
WHERE kind IS NULL
GROUP BY network, network_hash
ORDER BY network;
