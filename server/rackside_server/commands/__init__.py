"""What each command of `rackside-server` does: `run(options)`, which returns the exit status."""
