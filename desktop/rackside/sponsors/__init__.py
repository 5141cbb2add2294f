"""Sponsored panels: chosen on this machine, calm, labelled, and reported by a token, a day and an outcome."""
