-- Which networks are these, and how accurate are they without faults?
--
-- network      name of the network
-- method       how it was trained: standard, or λ of the activation penalty, ρ of SAQ, clip and
--              faultRate of training against faults, and the quantiser where it is not lsq; none if
--              it does not say
-- family       the same without λ, for networks of many λ
-- seed         of its training
-- clean        accuracy without faults, %, on this many images
-- images       how many
-- weights      number of weights
-- bits         memory cells of a weight
-- macs         multiply-accumulates for one image
-- content      SHA-256 of the network
-- provenance   how it came to be, JSON
SELECT
  n.network,
  method,
  family,
  seed,
  round(100 * clean_accuracy, 2) AS clean,
  images,
  weights,
  weight_bits AS bits,
  macs,
  content_hash AS content,
  provenance
FROM networks n JOIN methods m ON n.network = m.network;
