-- Accuracy of each cell in a Spark 3.5 of your own, from the Parquet files alone:
--
--   spark-sql -f notebooks/elsewhere/spark.sql
--
-- A table is the files that its manifests name. What else lies there is left over from runs that
-- were killed before a wave was committed; its rows are computed again, so to read trials/*/*.parquet
-- would count them twice.
--
-- network, kind, rate   the cell
-- trials                trials that did not fail
-- accuracy              mean of their accuracies, 0…1
-- golden                the same on the same images without faults
CREATE OR REPLACE TEMPORARY VIEW manifests USING json
OPTIONS (path 'results/lenet5/_manifests/trials/*.json', multiLine 'true');

CREATE OR REPLACE TEMPORARY VIEW trials AS
SELECT t.*
FROM parquet.`results/lenet5/trials/*/*.parquet` t
LEFT SEMI JOIN (SELECT explode(files.path) AS path FROM manifests) m
  ON m.path = substring_index(t._metadata.file_path, '/', -2);

SELECT
  network,
  kind,
  rate,
  count(correct) AS trials,
  avg(correct / images) AS accuracy,
  avg(golden_correct / images) AS golden
FROM trials
WHERE correct IS NOT NULL
GROUP BY network, kind, rate
ORDER BY network, kind, rate;
