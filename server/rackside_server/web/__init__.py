"""The public web: what every page shares, the front page, search, feeds and the site map."""
