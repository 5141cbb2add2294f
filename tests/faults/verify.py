"""`python -m tests.faults.verify`: each difference between the feed in RACKSIDE_DATA and the rows it was made from."""

import os

import django


def main() -> None:
    """Print a line for each."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    from rackside_server.feed.verify import differences  # noqa: PLC0415 - Django is set up by now

    for difference in differences():
        print(difference)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
