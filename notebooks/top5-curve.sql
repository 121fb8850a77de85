-- How does top-5 accuracy fall with the fault rate, where there are more than 20 classes? An image
-- counts if its label is among the five largest logits.
--
-- kind, network, percent_faulty   the cell
-- clean      top-5 accuracy without faults, %
-- accuracy   estimated mean top-5 accuracy, %
-- low, high  its confidence interval, %
-- top1       estimated mean accuracy, %
-- trials     trials behind the estimates
SELECT
  kind,
  network,
  round(100 * rate, 6) AS percent_faulty,
  round(100 * top5_clean_accuracy, 2) AS clean,
  round(100 * top5_accuracy, 2) AS accuracy,
  round(100 * greatest(0, top5_accuracy - coalesce(top5_half_width, 0)), 2) AS low,
  round(100 * least(1, top5_accuracy + coalesce(top5_half_width, 0)), 2) AS high,
  round(100 * accuracy, 2) AS top1,
  trials
FROM cells
WHERE top5_accuracy IS NOT NULL
ORDER BY kind, network, rate;
