"""What people watch with other programs already: one file a format. Each reads a text and adds nothing by itself."""
