-- Do activation-sparse (AS) networks sit in sharper minima, and does SAQ find flatter ones? Needs
-- networks of two or more training seeds: standard, AS (λ > 0), SAQ (ρ > 0) and both. Where there are
-- several λ > 0, ρ > 0 or quantisers, each claim has a row for each setting that it can be asked of.
-- Networks trained against faults (clip, faultRate) are left out.
--
-- claim       what was claimed (arXiv 2406.10528 prints no figure for it)
-- setting     λ and ρ of the networks that have them, and the quantiser where it is not lsq
-- radius      of the mean rise of the loss, in norms of each filter; the largest measured
-- rise, than  mean over the seeds of both kinds of networks, nats
-- difference  between networks of one seed: rise minus than
-- low, high   its 95 % interval (Student's t)
-- verdict     whether the interval lies on the side that was claimed
-- seeds       trainings
WITH found AS (
  SELECT
    radius,
    value,
    m.seed,
    quantizer,
    lambda,
    rho,
    setting,
    concat(if(lambda > 0, 'as', ''), if(rho > 0, 'saq', '')) AS kind_of_training -- '' is standard
  FROM sharpness s JOIN methods m ON s.network = m.network
  WHERE
    measure = 'mean-rise'
    AND hardening = ''
    AND radius = (SELECT max(radius) FROM sharpness WHERE measure = 'mean-rise')
),
claims AS (
  SELECT * FROM VALUES
    (1, 'AS is sharper than standard', 'as', '', 1),
    (2, 'SAQ makes AS flatter', 'assaq', 'as', -1),
    (3, 'SAQ makes standard flatter', 'saq', '', -1)
    AS claims(number, claim, one, other, sign)
),
compared AS (
  SELECT
    number,
    claim,
    sign,
    a.radius,
    if(b.lambda > a.lambda OR b.rho > a.rho, b.setting, a.setting) AS setting, -- of who has more
    avg(a.value) AS rise,
    avg(b.value) AS than,
    avg(a.value - b.value) AS difference,
    stddev_samp(a.value - b.value) / sqrt(count(*)) * student_t(0.975, count(*) - 1) AS half,
    count(*) AS seeds
  FROM claims
  JOIN found a ON a.kind_of_training = claims.one
  JOIN found b
    ON b.kind_of_training = claims.other
    AND b.seed = a.seed
    AND b.quantizer <=> a.quantizer
    AND (b.lambda = a.lambda OR b.lambda = 0 OR a.lambda = 0)
    AND (b.rho = a.rho OR b.rho = 0 OR a.rho = 0)
  GROUP BY ALL
  HAVING count(*) = count(DISTINCT a.seed) AND count(*) > 1
)
SELECT
  claim,
  setting,
  radius,
  round(rise, 4) AS rise,
  round(than, 4) AS than,
  round(difference, 4) AS difference,
  round(difference - half, 4) AS low,
  round(difference + half, 4) AS high,
  if(sign * difference > half, 'reproduced', 'not reproduced') AS verdict,
  seeds
FROM compared
ORDER BY number, setting;
