"""Sync: pushes what was written, pulls what changed, and says in words how that goes."""
