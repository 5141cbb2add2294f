"""A simulated fleet proves the ledger of verified fixes; see docs/ledger.md."""
