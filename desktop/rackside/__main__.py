"""`python -m rackside` is `rackside`."""

import sys

from rackside.cli import main

sys.exit(main(sys.argv[1:]))
