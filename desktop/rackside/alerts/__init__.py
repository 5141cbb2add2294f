"""Alerts: what is wrong, what the person wants of it, and the log of all that happened."""
