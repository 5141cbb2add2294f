"""Sponsors: vendors' reviewed campaigns, serving keys and receipts."""
