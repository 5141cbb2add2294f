"""`python -m tests.faults.jumping_server serve …`: the server, with a clock that jumps in each worker."""

from rackside_server.cli import main
from rackside_server.commands import serve

if __name__ == "__main__":
    serve.APPLICATION = "tests.faults.jumping_application:application"
    raise SystemExit(main())
