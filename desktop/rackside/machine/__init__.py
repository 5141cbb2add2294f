"""This machine and its network: tiles, details, histories and alerts."""
