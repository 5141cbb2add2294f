"""What is installed, built into, open and running on this machine: one file a section, and what changed in them."""
