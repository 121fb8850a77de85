-- What the campaign took, and how large its tables are.
--
-- network      name of the network, or "all"
-- cells        fault kinds × rates
-- trials       rows of the trials table
-- images       images run through the network
-- tera_macs    multiply-accumulates, in 10^12
-- faulty_cells faulty memory cells drawn, in all
SELECT
  coalesce(t.network, 'all') AS network,
  count(DISTINCT kind, rate, t.network) AS cells,
  count(*) AS trials,
  sum(t.images) AS images,
  round(sum(t.images * macs) / 1e12, 3) AS tera_macs,
  sum(faulty_cells) AS faulty_cells
FROM trials t JOIN networks n ON t.network = n.network
GROUP BY ROLLUP (t.network)
ORDER BY network = 'all', network;
