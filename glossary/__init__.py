"""Concepts, terms, and checks of beads against them."""
