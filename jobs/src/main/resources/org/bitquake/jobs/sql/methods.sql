-- How each network was trained, out of its provenance in the table %1$s.
CREATE TEMPORARY VIEW methods (
  network COMMENT 'name of the network',
  seed COMMENT 'of its training; null: the provenance does not say, as of imported networks',
  lambda COMMENT 'λ of the activation penalty, 0 for none',
  rho COMMENT 'ρ of sharpness-aware quantisation (SAQ), 0 for none',
  quantizer COMMENT 'lsq, max or mse; null: the provenance does not say',
  setting COMMENT 'λ and ρ where above 0, hardening, and the quantiser where it is not lsq; may be empty',
  method COMMENT 'the same with standard instead of empty: equal for networks that differ in seed alone; null without seed',
  family COMMENT 'the same without λ: equal for networks that differ in λ and seed; null without seed',
  hardening COMMENT 'clip of weights and faultRate where it was trained with them; empty for neither')
AS
WITH trained AS (
  SELECT DISTINCT
    network,
    get_json_object(provenance, '$.seed') AS seed,
    coalesce(CAST(get_json_object(provenance, '$.lambda') AS DOUBLE), 0) AS lambda,
    coalesce(CAST(get_json_object(provenance, '$.rho') AS DOUBLE), 0) AS rho,
    get_json_object(provenance, '$.quantizer') AS quantizer,
    concat_ws(
      ', ',
      concat('clip ', get_json_object(provenance, '$.clip')),
      concat('faultRate ', get_json_object(provenance, '$.faultRate'))) AS hardening
  FROM %1$s
),
said AS (
  SELECT
    *,
    'λ ' || regexp_replace(lower(lambda), '[.]0(?=e|$)', '') AS said_lambda,
    'ρ ' || regexp_replace(lower(rho), '[.]0(?=e|$)', '') AS said_rho
  FROM trained
),
named AS (
  SELECT
    *,
    concat_ws(
      ', ',
      if(lambda > 0, said_lambda, NULL),
      if(rho > 0, said_rho, NULL),
      nullif(hardening, ''),
      nullif(quantizer, 'lsq'))
      AS setting
  FROM said
)
SELECT
  network,
  seed,
  lambda,
  rho,
  quantizer,
  setting,
  if(seed IS NULL, NULL, if(setting = '', 'standard', setting)) AS method,
  if(
    seed IS NULL,
    NULL,
    concat_ws(
      ', ', if(rho > 0, said_rho, 'no SAQ'), nullif(hardening, ''), nullif(quantizer, 'lsq')))
    AS family,
  hardening
FROM named
