"""People: profiles of members, with what their answers proved."""
