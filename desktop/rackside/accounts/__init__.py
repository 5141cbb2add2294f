"""Accounts: the first start, signing in, devices, and what the person decides in the settings."""
