-- Is one network really better than another? Differences on the same faults and the same images.
--
-- Trial t hits the same memory cells and looks at the same images in networks of one shape, so the
-- difference within a trial is less noisy than the two accuracies are. The fault-free accuracies
-- are known exactly, so only the part that the faults cause is estimated. The table pairs has the
-- same differences, and those between kinds and rates, with intervals corrected for skewness.
--
-- kind, percent_faulty   the cells compared
-- better, worse          the networks; better is the one with the higher estimate
-- trials                 pairs of trials
-- difference             accuracy of better minus that of worse, percentage points
-- half_width             half of the 95 % confidence interval (normal approximation)
-- significant            true if the interval excludes 0
WITH pairs AS (
  SELECT
    a.kind,
    a.rate,
    a.network AS one,
    b.network AS other,
    (a.correct - a.golden_correct) / a.images - (b.correct - b.golden_correct) / b.images AS change
  FROM trials a
  JOIN trials b
    ON a.kind = b.kind AND a.rate = b.rate AND a.trial = b.trial AND a.seed = b.seed
    AND a.network < b.network
  WHERE a.correct IS NOT NULL AND b.correct IS NOT NULL
),
estimates AS (
  SELECT
    kind,
    rate,
    one,
    other,
    count(*) AS trials,
    any_value(x.clean_accuracy) - any_value(y.clean_accuracy) + avg(change) AS difference,
    1.959964 * stddev_samp(change) / sqrt(count(*)) AS half_width
  FROM pairs
  JOIN networks x ON x.network = one
  JOIN networks y ON y.network = other
  GROUP BY kind, rate, one, other
)
SELECT
  kind,
  round(100 * rate, 4) AS percent_faulty,
  CASE WHEN difference >= 0 THEN one ELSE other END AS better,
  CASE WHEN difference >= 0 THEN other ELSE one END AS worse,
  trials,
  round(100 * abs(difference), 3) AS difference,
  round(100 * half_width, 3) AS half_width,
  abs(difference) > half_width AS significant
FROM estimates
ORDER BY kind, rate, better, worse;
