"""Threads: questions and their posts, helpful votes, accepted answers."""
