"""`python -m tests.faults.forgetful_server serve …`: the server as it is, but for its application."""

from rackside_server.cli import main
from rackside_server.commands import serve

if __name__ == "__main__":
    serve.APPLICATION = "tests.faults.forgetful_application:application"
    raise SystemExit(main())
