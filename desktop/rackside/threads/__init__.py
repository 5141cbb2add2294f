"""Threads: questions with their answers, read and written with or without the network."""
