"""Ideas: proposed features of Rackside, votes within a budget, comments, states."""
