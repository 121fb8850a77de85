-- How much better or worse than standard training is each method? Networks of one seed compared, so
-- that the luck of training counts once.
--
-- kind, percent_faulty  the fault kind and rate
-- method        how the networks were trained: λ of the activation penalty, ρ of SAQ, clip and
--               faultRate of training against faults, and the quantiser where it is not lsq
-- than          standard training (none of the four) with the same quantiser
-- seeds         trainings of both
-- difference    accuracy of method minus that of than, mean over the seeds, percentage points
-- low, high     its 95 % interval (Student's t) over all trainings there could be, points
-- significant   true if the interval excludes 0
WITH found AS (
  SELECT seed, lambda, rho, quantizer, hardening, method, kind, rate, accuracy
  FROM cells JOIN methods ON cells.network = methods.network
  WHERE seed IS NOT NULL AND accuracy IS NOT NULL
),
differences AS (
  SELECT
    a.kind,
    a.rate,
    a.method,
    b.method AS than,
    count(*) AS seeds,
    avg(a.accuracy - b.accuracy) AS mean,
    student_t(0.975, count(*) - 1) * stddev_samp(a.accuracy - b.accuracy) / sqrt(count(*)) AS half
  FROM found a
  JOIN found b
    ON (a.lambda > 0 OR a.rho > 0 OR a.hardening != '')
    AND b.lambda = 0
    AND b.rho = 0
    AND b.hardening = ''
    AND b.quantizer <=> a.quantizer
    AND b.seed = a.seed
    AND b.kind = a.kind
    AND b.rate = a.rate
  GROUP BY a.kind, a.rate, a.method, b.method
  HAVING count(*) = count(DISTINCT a.seed) AND count(*) > 1
)
SELECT
  kind,
  round(100 * rate, 6) AS percent_faulty,
  method,
  than,
  seeds,
  round(100 * mean, 2) AS difference,
  round(100 * greatest(-1, mean - half), 2) AS low,
  round(100 * least(1, mean + half), 2) AS high,
  abs(mean) > half AS significant
FROM differences
ORDER BY kind, method, rate;
