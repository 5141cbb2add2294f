"""Where files of this person live. RACKSIDE_HOME overrides it all, for tests, for the demo and for portable use."""

import os
from pathlib import Path

HOME_VARIABLE = "RACKSIDE_HOME"


def home() -> Path:
    """Return the folder of settings, databases and the token; made with mode 0700 when it is not there."""
    if chosen := os.environ.get(HOME_VARIABLE):
        folder = Path(chosen)
    else:
        from platformdirs import user_data_path  # noqa: PLC0415 - only where it is not said by the environment

        folder = user_data_path("rackside", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
