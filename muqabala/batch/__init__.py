"""Many pairs of documents at once: a manifest, a ledger, workers on one machine or many, partitions of units, a report."""
