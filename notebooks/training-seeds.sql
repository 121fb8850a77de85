-- How much is luck in training, and how much luck with faults? Networks that were trained alike but
-- for their seed are taken together.
--
-- kind, percent_faulty  the fault kind and rate
-- method        how the networks were trained: standard, or λ of the activation penalty, ρ of SAQ,
--               clip and faultRate of training against faults, and the quantiser where it is not lsq
-- seeds         trainings
-- accuracy      mean over the trainings, %
-- low, high     95 % interval (Student's t) of the mean over all trainings there could be, %
-- least, most   accuracy of the worst and the best training, %
-- sd_training   standard deviation between trainings, without the part that trials explain, points
-- sd_trials     what the estimates would differ by if all trainings were equal, points
WITH trained AS (
  SELECT
    kind,
    rate,
    method,
    count(*) AS seeds,
    avg(accuracy) AS mean,
    min(accuracy) AS least,
    max(accuracy) AS most,
    var_samp(accuracy) AS variance,
    avg(pow(coalesce(half_width, 0) / student_t((1 + confidence) / 2, 1e9), 2)) AS of_trials
  FROM cells JOIN methods ON cells.network = methods.network
  WHERE seed IS NOT NULL AND accuracy IS NOT NULL
  GROUP BY kind, rate, method
  HAVING count(*) = count(DISTINCT seed) AND count(*) > 1
)
SELECT
  kind,
  round(100 * rate, 6) AS percent_faulty,
  method,
  seeds,
  round(100 * mean, 2) AS accuracy,
  round(100 * greatest(0, mean - student_t(0.975, seeds - 1) * sqrt(variance / seeds)), 2) AS low,
  round(100 * least(1, mean + student_t(0.975, seeds - 1) * sqrt(variance / seeds)), 2) AS high,
  round(100 * least, 2) AS least,
  round(100 * most, 2) AS most,
  round(100 * sqrt(greatest(0, variance - of_trials)), 2) AS sd_training,
  round(100 * sqrt(of_trials), 2) AS sd_trials
FROM trained
ORDER BY kind, method, rate;
