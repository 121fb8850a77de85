-- How does the loss rise around the weights? Mean over random directions at each distance.
--
-- network      name of the network
-- alpha        distance along the directions, in norms of each filter
-- directions   random directions that the mean is over
-- loss         mean cross-entropy, nats
-- loss_error   standard error of that mean
-- accuracy     mean accuracy, %
-- accuracy_error standard error of that mean, percentage points
SELECT
  network,
  alpha,
  count(*) AS directions,
  avg(loss) AS loss,
  coalesce(stddev_samp(loss) / sqrt(count(*)), 0) AS loss_error,
  100 * avg(accuracy) AS accuracy,
  coalesce(100 * stddev_samp(accuracy) / sqrt(count(*)), 0) AS accuracy_error
FROM landscape
WHERE kind = 'line'
GROUP BY network, alpha
ORDER BY network, alpha;
