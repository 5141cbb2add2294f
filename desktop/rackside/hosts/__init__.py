"""The machines and services that are watched: all of them, one of them, finding and adding more."""
