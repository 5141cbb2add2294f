"""Alerts go to the person where she is: as desktop notification, e-mail and webhook; held while it is quiet."""
