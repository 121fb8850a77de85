-- Which trials failed, and why? Empty when all went well.
--
-- network, kind, percent_faulty   the cell
-- failed, trials                  failed ones and all
-- first_failed                    the lowest trial number that failed, to run again
-- error                           its message
SELECT
  network,
  kind,
  round(100 * rate, 4) AS percent_faulty,
  count_if(error IS NOT NULL) AS failed,
  count(*) AS trials,
  min(CASE WHEN error IS NOT NULL THEN trial END) AS first_failed,
  min_by(error, CASE WHEN error IS NOT NULL THEN trial END) AS error
FROM trials
GROUP BY network, kind, rate
HAVING failed > 0
ORDER BY failed DESC, network, kind, rate;
