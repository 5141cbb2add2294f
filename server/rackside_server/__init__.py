"""The community server: members, threads, ideas and sponsors, synced to every console."""
