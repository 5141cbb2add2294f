"""Checks of machines and services that somebody watches: one file a kind. They wait on the network, on a thread."""
