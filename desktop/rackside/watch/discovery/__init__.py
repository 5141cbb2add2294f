"""Finding what is on a network, when the person asks for it and never else: one file a way of finding. No root."""
