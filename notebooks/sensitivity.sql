-- How does accuracy under faults depend on λ (activation sparsity), ρ (SAQ) and the quantiser? Networks
-- that were trained alike but for their seed are taken together; those trained against faults (clip,
-- faultRate) are left out.
--
-- quantizer, lambda, rho  how the networks were trained
-- kind, percent_faulty    the fault kind and rate
-- seeds         trainings
-- clean         accuracy without faults, mean over the trainings, %
-- accuracy      mean over the trainings, %
-- low, high     its interval, %
-- interval_of   what the intervals contain. trainings: all trainings there could be (Student's t
--               over the seeds, 95 %); trials: this one training alone, the interval of its trials
-- gain          what SAQ adds: accuracy minus that of ρ = 0 with the same λ, quantiser and seed, mean
--               over the seeds, points; none where ρ = 0 or there is no such network
-- gain_low, gain_high  its interval, points. Of several seeds: Student's t over the differences, 95 %.
--               Of one: of both networks' trials as if they were independent; they share their faults,
--               so it is wider than need be
-- gain_seeds    seeds that have both networks
WITH found AS (
  SELECT
    quantizer,
    lambda,
    rho,
    seed,
    kind,
    rate,
    clean_accuracy,
    accuracy,
    coalesce(half_width, 0) AS half_width
  FROM cells JOIN methods ON cells.network = methods.network
  WHERE seed IS NOT NULL AND hardening = '' AND accuracy IS NOT NULL
),
compared AS (
  SELECT
    a.*,
    a.accuracy - b.accuracy AS gain,
    sqrt(pow(a.half_width, 2) + pow(b.half_width, 2)) AS gain_half_width
  FROM found a
  LEFT JOIN found b
    ON a.rho > 0
    AND b.rho = 0
    AND b.quantizer <=> a.quantizer
    AND b.lambda = a.lambda
    AND b.seed = a.seed
    AND b.kind = a.kind
    AND b.rate = a.rate
),
means AS (
  SELECT
    quantizer,
    lambda,
    rho,
    kind,
    rate,
    count(*) AS seeds,
    avg(clean_accuracy) AS clean,
    avg(accuracy) AS accuracy,
    if(
      count(*) > 1,
      student_t(0.975, count(*) - 1) * stddev_samp(accuracy) / sqrt(count(*)),
      max(half_width)) AS half,
    count(gain) AS gain_seeds,
    avg(gain) AS gain,
    if(
      count(gain) > 1,
      student_t(0.975, count(gain) - 1) * stddev_samp(gain) / sqrt(count(gain)),
      max(gain_half_width)) AS gain_half
  FROM compared
  GROUP BY quantizer, lambda, rho, kind, rate
  HAVING count(*) = count(DISTINCT seed)
)
SELECT
  quantizer,
  lambda,
  rho,
  kind,
  round(100 * rate, 6) AS percent_faulty,
  seeds,
  round(100 * clean, 2) AS clean,
  round(100 * accuracy, 2) AS accuracy,
  round(100 * greatest(0, accuracy - half), 2) AS low,
  round(100 * least(1, accuracy + half), 2) AS high,
  if(seeds > 1, 'trainings', 'trials') AS interval_of,
  round(100 * gain, 2) AS gain,
  if(gain_seeds > 0, round(100 * greatest(-1, gain - gain_half), 2), NULL) AS gain_low,
  if(gain_seeds > 0, round(100 * least(1, gain + gain_half), 2), NULL) AS gain_high,
  nullif(gain_seeds, 0) AS gain_seeds
FROM means
ORDER BY kind, rate, quantizer, lambda, rho;
