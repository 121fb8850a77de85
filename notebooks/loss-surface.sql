-- The loss over a plane through the weights: weight codes + alpha·δ + beta·η.
--
-- network      name of the network
-- kind, direction   surface, and the number of δ
-- alpha, beta  along the two random directions, in norms of each filter
-- loss         mean cross-entropy, nats
-- accuracy     a fraction
SELECT network, kind, direction, alpha, beta, loss, accuracy
FROM landscape
WHERE kind = 'surface'
ORDER BY network, beta, alpha;
