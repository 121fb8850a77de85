-- Which networks are these, and how accurate are they without faults?
--
-- network      name of the network
-- clean        accuracy without faults, %, on this many images
-- images       how many
-- weights      number of weights
-- bits         memory cells of a weight
-- macs         multiply-accumulates for one image
-- content      SHA-256 of the network
-- provenance   how it came to be, JSON
SELECT
  network,
  round(100 * clean_accuracy, 2) AS clean,
  images,
  weights,
  weight_bits AS bits,
  macs,
  content_hash AS content,
  provenance
FROM networks;
