"""Groups: where threads live, and who follows them."""
