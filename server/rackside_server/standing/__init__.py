"""Standing: the points ledger, levels, trust and vote budgets."""
