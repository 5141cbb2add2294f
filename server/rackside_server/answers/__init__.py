"""Answers: the answer pack, chosen from the threads of public groups, for each kind of alert."""
