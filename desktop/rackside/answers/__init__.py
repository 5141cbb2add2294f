"""Answers: from what the console sees, to the threads of peers who had the same, with the reason for each."""
