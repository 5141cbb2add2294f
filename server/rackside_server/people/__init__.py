"""People: the public profiles of members."""
