-- Accuracy of each cell in DuckDB 1.1 or newer, from the Parquet files alone:
--
--   duckdb < notebooks/elsewhere/duckdb.sql
--
-- A table is the files that its manifests name. What else lies there is left over from runs that
-- were killed before a wave was committed; its rows are computed again, so to read trials/*/*.parquet
-- would count them twice.
--
-- network, kind, rate   the cell
-- trials                trials that did not fail
-- accuracy              mean of their accuracies, 0…1
-- golden                the same on the same images without faults
SET VARIABLE results = 'results/lenet5';

SET VARIABLE trials = (
  SELECT list(getvariable('results') || '/trials/' || file.path)
  FROM (
    SELECT unnest(files) AS file
    FROM read_json(
      getvariable('results') || '/_manifests/trials/*.json',
      columns = {files: 'STRUCT(path VARCHAR)[]'})));

CREATE TEMP VIEW trials AS SELECT * FROM read_parquet(getvariable('trials'));

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
