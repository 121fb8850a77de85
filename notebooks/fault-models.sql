-- Does sharpness-aware training (SAQ) help under every fault model? Networks of one seed compared, so
-- that the luck of training counts once.
--
-- kind, percent_faulty  the fault model and rate
-- than          the method without SAQ: λ of the activation penalty, clip and faultRate of training
--               against faults, and the quantiser where it is not lsq
-- rho           ρ of the networks with SAQ
-- seeds         trainings of both
-- without_saq, with_saq  accuracy, mean over the seeds, %
-- gain          with SAQ minus without, points
-- low, high     its 95 % interval (Student's t) over all trainings there could be, points
-- verdict       helps or harms: the interval is above or below 0; not shown: otherwise
WITH found AS (
  SELECT seed, lambda, rho, quantizer, hardening, method, kind, rate, accuracy
  FROM cells JOIN methods ON cells.network = methods.network
  WHERE seed IS NOT NULL AND accuracy IS NOT NULL
),
gains AS (
  SELECT
    a.kind,
    a.rate,
    b.method AS than,
    a.rho,
    count(*) AS seeds,
    avg(b.accuracy) AS without_saq,
    avg(a.accuracy) AS with_saq,
    avg(a.accuracy - b.accuracy) AS mean,
    student_t(0.975, count(*) - 1) * stddev_samp(a.accuracy - b.accuracy) / sqrt(count(*)) AS half
  FROM found a
  JOIN found b
    ON a.rho > 0
    AND b.rho = 0
    AND b.lambda = a.lambda
    AND b.quantizer <=> a.quantizer
    AND b.hardening = a.hardening
    AND b.seed = a.seed
    AND b.kind = a.kind
    AND b.rate = a.rate
  GROUP BY a.kind, a.rate, a.rho, b.method
  HAVING count(*) = count(DISTINCT a.seed) AND count(*) > 1
)
SELECT
  kind,
  round(100 * rate, 6) AS percent_faulty,
  than,
  rho,
  seeds,
  round(100 * without_saq, 2) AS without_saq,
  round(100 * with_saq, 2) AS with_saq,
  round(100 * mean, 2) AS gain,
  round(100 * greatest(-1, mean - half), 2) AS low,
  round(100 * least(1, mean + half), 2) AS high,
  CASE WHEN mean > half THEN 'helps' WHEN mean < -half THEN 'harms' ELSE 'not shown' END AS verdict
FROM gains
ORDER BY percent_faulty DESC, than, rho, kind;
