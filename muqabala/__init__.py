"""Muqabala: statements in two languages, aligned, checked, exported."""
