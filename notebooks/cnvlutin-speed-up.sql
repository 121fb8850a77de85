-- How much faster is Cnvlutin than DaDianNao, layer by layer, without faults?
--
-- network, layer      the layer, or "all" for the whole network
-- encoded             whether Cnvlutin skips the zeros that the layer reads
-- baseline_cycles     DaDianNao, mean of an image
-- cnvlutin_cycles     Cnvlutin, mean of an image
-- speed_up            their ratio
-- ideal               1 / (1 - part of the activations that is 0), of a layer
-- zeros               activations that are 0, %
-- weight_reads_saved  reads of weight memory that Cnvlutin saves, %
SELECT
  network,
  layer,
  encoded,
  round(baseline / images, 1) AS baseline_cycles,
  round(cnvlutin / images, 1) AS cnvlutin_cycles,
  round(baseline / cnvlutin, 3) AS speed_up,
  CASE WHEN position IS NOT NULL THEN round(read / nullif(read - zero, 0), 3) END AS ideal,
  round(100 * zero / read, 1) AS zeros,
  round(100 * saved, 1) AS weight_reads_saved
FROM (
  SELECT
    network,
    coalesce(layer, 'all') AS layer,
    position,
    bool_or(encoded) AS encoded,
    max(images) AS images,
    sum(baseline_cycles) AS baseline,
    sum(cnvlutin_cycles) AS cnvlutin,
    sum(activations) AS read,
    sum(zero_activations) AS zero,
    1 - sum(cnvlutin_weight_reads) / sum(baseline_weight_reads) AS saved
  FROM cnvlutin_layers
  WHERE kind IS NULL
  GROUP BY GROUPING SETS ((network, layer, position), (network))
)
ORDER BY network, position NULLS LAST;
