-- Which networks are these, and how accurate are they without faults?
--
-- network      name of the network
-- method       how it was trained: standard, or λ of the activation penalty, ρ of SAQ, and the
--              quantiser where it is not lsq; none if it does not say
-- family       ρ and quantiser alone, for networks of many λ
-- seed         of its training
-- clean        accuracy without faults, %, on this many images
-- images       how many
-- weights      number of weights
-- bits         memory cells of a weight
-- macs         multiply-accumulates for one image
-- content      SHA-256 of the network
-- provenance   how it came to be, JSON
WITH settings AS (
  SELECT
    *,
    get_json_object(provenance, '$.seed') AS seed,
    coalesce(CAST(get_json_object(provenance, '$.lambda') AS DOUBLE), 0) AS lambda,
    coalesce(CAST(get_json_object(provenance, '$.rho') AS DOUBLE), 0) AS rho,
    get_json_object(provenance, '$.quantizer') AS quantizer
  FROM networks
)
SELECT
  network,
  CASE
    WHEN seed IS NOT NULL THEN
      coalesce(
        nullif(
          concat_ws(
            ', ',
            CASE WHEN lambda > 0 THEN 'λ ' || lambda END,
            CASE WHEN rho > 0 THEN 'ρ ' || rho END,
            nullif(quantizer, 'lsq')),
          ''),
        'standard')
  END AS method,
  CASE
    WHEN seed IS NOT NULL THEN
      concat_ws(', ', if(rho > 0, concat('ρ ', rho), 'no SAQ'), nullif(quantizer, 'lsq'))
  END AS family,
  seed,
  round(100 * clean_accuracy, 2) AS clean,
  images,
  weights,
  weight_bits AS bits,
  macs,
  content_hash AS content,
  provenance
FROM settings;
