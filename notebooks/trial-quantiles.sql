-- How bad can a single chip be? Quantiles of the accuracy over fault maps.
--
-- A trial looks at a sample of images, so these quantiles are wider than those of the true
-- accuracies unless the campaign used all images.
--
-- network, kind, percent_faulty   the cell
-- trials, images                  fault maps seen, and images looked at in each
-- lowest … median … highest       accuracy of a trial, %; q05 is exceeded by 95 % of the trials
SELECT
  network,
  kind,
  round(100 * rate, 4) AS percent_faulty,
  trials,
  images,
  round(100 * q[0], 1) AS lowest,
  round(100 * q[1], 1) AS q05,
  round(100 * q[2], 1) AS q25,
  round(100 * q[3], 1) AS median,
  round(100 * q[4], 1) AS q75,
  round(100 * q[5], 1) AS q95,
  round(100 * q[6], 1) AS highest
FROM (
  SELECT
    network,
    kind,
    rate,
    images,
    sum(times) AS trials,
    percentile(correct / images, array(0, 0.05, 0.25, 0.5, 0.75, 0.95, 1), times) AS q
  FROM (
    SELECT network, kind, rate, images, correct, count(*) AS times
    FROM trials
    WHERE correct IS NOT NULL
    GROUP BY network, kind, rate, images, correct
  )
  GROUP BY network, kind, rate, images
)
ORDER BY network, kind, rate;
