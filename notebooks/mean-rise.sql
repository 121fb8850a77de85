-- How sharp is each network, by the mean rise of its loss at the largest radius?
--
-- network   name of the network
-- content   SHA-256 of the network, to find it in campaigns
-- radius    in norms of each filter
-- rise      mean rise of the loss there, nats
-- error     its standard error
SELECT network, network_hash AS content, radius, value AS rise, standard_error AS error
FROM sharpness
WHERE
  measure = 'mean-rise'
  AND radius = (SELECT max(radius) FROM sharpness WHERE measure = 'mean-rise')
ORDER BY network;
