"""`python -m rackside_server`."""

from rackside_server.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
