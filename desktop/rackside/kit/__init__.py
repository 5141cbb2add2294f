"""What every panel is made of: theme, text that is safe to show, cards, lists, charts, and work in the background."""
