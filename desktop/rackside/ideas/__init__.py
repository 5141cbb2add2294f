"""Ideas: features that members propose and vote on, within a budget."""
