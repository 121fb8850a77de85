-- The table of the paper: accuracy of each network at each fault rate, per fault kind.
--
-- kind      fault kind
-- network   name of the network
-- clean     accuracy without faults, %
-- r1 … r5   accuracy with 1 … 5 % of the memory cells faulty, % ± half of its confidence interval
--
-- The rates are a list, for columns have to be named: edit it to those of your campaign.
SELECT kind, network, clean, r1, r2, r3, r4, r5
FROM (
  SELECT
    kind,
    network,
    round(100 * clean_accuracy, 1) AS clean,
    round(100 * rate, 6) AS percent,
    concat(
      format_number(100 * accuracy, 1),
      coalesce(concat(' ± ', format_number(100 * half_width, 1)), '')) AS text
  FROM cells
)
PIVOT (first(text) FOR percent IN (1 AS r1, 2 AS r2, 3 AS r3, 4 AS r4, 5 AS r5))
ORDER BY kind, network;
