"""The checks: plain functions from a pair of texts to findings, each under a documented code."""
