"""Operating: how the server is, for those who keep it running, and the tidying that it does by itself."""
