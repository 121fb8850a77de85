-- What the paper says of accuracy under faults, beside what this campaign measured. Needs networks
-- of two or more training seeds: standard, activation-sparse (AS, λ > 0), SAQ (ρ > 0) and both.
--
-- Both versions in print are here: arXiv 2406.10528, whose figures are also those of the later
-- version of 2301.00675, and the first version, 2301.00675v1. They say "up to": the largest
-- difference over all fault kinds and rates, of one training. So: the mean difference over seeds is
-- taken where it is largest; its interval is right for all kinds and rates at once (Student's t,
-- Bonferroni).
--
-- A claim compares networks of one λ, one ρ, one quantiser and one seed. Where a campaign has several
-- λ > 0, ρ > 0, quantisers or encodings, each claim has rows for each setting that it can be asked of;
-- the intervals are of one setting, not of all at once. Left out is what the paper does not speak of:
-- networks trained against faults (clip, faultRate), other fault models than its three, protected memory.
--
-- claim       what was claimed
-- setting     λ and ρ of the networks that have them, the quantiser where it is not lsq, and how codes
--             are stored where the campaign tries several ways
-- version     where
-- printed     the figure in print, points; none where it says only "higher"
-- ours        the largest mean difference, points
-- low, high   its interval, points
-- verdict     not reproduced: nowhere above 0 for certain. weaker, stronger: it is, but the printed
--             figure is beyond both ranges. undecided: the interval reaches below half of the printed
--             figure as well. reproduced: otherwise
-- seeds       trainings
-- cell        fault kind and rate of ours
-- above       kinds × rates where the difference is above 0 for certain, of how many
-- one_low, one_high  the same figure from a single training: the smallest and largest of the seeds
WITH found AS (
  SELECT
    kind,
    rate,
    concat(if(lambda > 0, 'as', ''), if(rho > 0, 'saq', '')) AS kind_of_training, -- '' is standard
    seed,
    quantizer,
    lambda,
    rho,
    setting,
    regexp_extract(kind, ' in (.*)', 1) AS encoding,
    accuracy
  FROM cells JOIN methods ON cells.network = methods.network
  WHERE seed IS NOT NULL AND hardening = '' AND rate > 0 AND accuracy IS NOT NULL
    AND kind RLIKE '^(bit-flip|stuck-at-0|stuck-at-1)( in (twos-complement|offset-binary|sign-magnitude|gray))?$'
),
claims AS (
  SELECT * FROM VALUES
    (1, 'AS loses more than standard', '', 'as', 11.13, 17.32),
    (2, 'SAQ makes AS better', 'assaq', 'as', 19.50, 36.71),
    (3, 'SAQ makes standard better', 'saq', '', 15.82, 24.76),
    (4, 'AS with SAQ beats standard', 'assaq', '', NULL, NULL)
    AS claims(number, claim, better, worse, printed, printed_v1)
),
pairs_of_seeds AS (
  SELECT
    number,
    concat_ws(
      ', ',
      if(w.lambda > b.lambda OR w.rho > b.rho, w.setting, b.setting), -- of who has more
      nullif(b.encoding, '')
    ) AS setting,
    b.kind,
    b.rate,
    b.seed,
    100 * (b.accuracy - w.accuracy) AS difference
  FROM claims
  JOIN found b ON b.kind_of_training = claims.better
  JOIN found w
    ON w.kind_of_training = claims.worse
    AND w.kind = b.kind
    AND w.rate = b.rate
    AND w.seed = b.seed
    AND w.quantizer <=> b.quantizer
    AND (w.lambda = b.lambda OR w.lambda = 0 OR b.lambda = 0)
    AND (w.rho = b.rho OR w.rho = 0 OR b.rho = 0)
),
cells_of_claims AS (
  SELECT
    number,
    setting,
    kind,
    rate,
    count(*) AS seeds,
    avg(difference) AS mean,
    stddev_samp(difference) / sqrt(count(*)) AS standard_error,
    count(*) OVER (PARTITION BY number, setting) AS comparisons
  FROM pairs_of_seeds
  GROUP BY number, setting, kind, rate
  HAVING count(*) = count(DISTINCT seed) AND count(*) > 1
),
intervals AS (
  SELECT
    *,
    standard_error * student_t(1 - 0.025 / comparisons, seeds - 1) AS half
  FROM cells_of_claims
),
largest AS (
  SELECT
    number,
    setting,
    max(mean) AS ours,
    max(greatest(mean - half, -100)) AS low,
    max(least(mean + half, 100)) AS high,
    max_by(concat(kind, ', ', round(100 * rate, 6), ' %'), mean) AS cell,
    concat(count_if(mean > half), ' of ', count(*)) AS above,
    min(seeds) AS seeds
  FROM intervals
  GROUP BY number, setting
),
single AS (
  SELECT number, setting, min(most) AS one_low, max(most) AS one_high
  FROM (
    SELECT number, setting, seed, max(difference) AS most
    FROM pairs_of_seeds
    GROUP BY number, setting, seed
  )
  GROUP BY number, setting
),
printed AS (
  SELECT number, claim, 'arXiv 2406.10528' AS version, printed FROM claims
  UNION ALL
  SELECT number, claim, 'arXiv 2301.00675v1', printed_v1 FROM claims WHERE printed_v1 IS NOT NULL
)
SELECT
  claim,
  largest.setting,
  version,
  printed,
  round(ours, 2) AS ours,
  round(low, 2) AS low,
  round(high, 2) AS high,
  CASE
    WHEN low <= 0 THEN 'not reproduced'
    WHEN printed > greatest(high, one_high) THEN 'weaker'
    WHEN printed < least(low, one_low) THEN 'stronger'
    WHEN printed / 2 > low THEN 'undecided'
    ELSE 'reproduced'
  END AS verdict,
  seeds,
  cell,
  above,
  round(one_low, 2) AS one_low,
  round(one_high, 2) AS one_high
FROM printed
JOIN largest ON largest.number = printed.number
JOIN single ON single.number = largest.number AND single.setting = largest.setting
ORDER BY largest.number, largest.setting, version DESC;
