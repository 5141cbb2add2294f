"""How answers are found and ranked, the same on the console and on the community's server."""
