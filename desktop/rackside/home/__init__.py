"""Home: what is worth a look now, made of what members wrote."""
