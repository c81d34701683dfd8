"""Corpora out: one writer a format. A writer takes units one by one, so that memory does not grow with the corpus."""
