"""Heartbeats: signs of life of members' jobs. What a job sends is kept, and nothing else: no address, no user agent."""
