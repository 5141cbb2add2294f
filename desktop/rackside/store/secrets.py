"""Secrets, such as the community's token and the password of a mail server: in the keyring, else in private files.

Never in the settings, never in the log. Some keyrings ask the person before they answer: not for the GUI thread.
"""

import os
from pathlib import Path
from typing import Final

from rackside.store.database import PRIVATE

SERVICE: Final = "rackside"
TOKEN: Final = "token"  # noqa: S105 - a name
"""The name of the community's token, which is kept under the bare folder."""


def secret(home: Path, name: str) -> str:
    """Return a secret by its name, such as `mail`, or the empty string."""
    return _from_keyring(home, name) or _from_file(home, name)


def keep_secret(home: Path, name: str, value: str) -> str:
    """Keep a secret; return where, in words. An empty one is forgotten in both places.

    Raises:
        OSError: there is no keyring, and the file cannot be written.
    """
    import keyring  # noqa: PLC0415 - it looks for backends when it is imported, which takes long
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    path = _path(home, name)
    try:
        if value:
            keyring.set_password(SERVICE, _entry(home, name), value)
            path.unlink(missing_ok=True)
            return "in the keyring of this desktop"
        keyring.delete_password(SERVICE, _entry(home, name))
    except KeyringError:
        pass
    if not value:
        path.unlink(missing_ok=True)
        return "nowhere"
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)  # one that a stopped write left could be open to others
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="utf-8") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return f"in {path}, which only you can read, since this desktop has no keyring"


def _from_keyring(home: Path, name: str) -> str:
    import keyring  # noqa: PLC0415 - it looks for backends when it is imported, which takes long
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        return keyring.get_password(SERVICE, _entry(home, name)) or ""
    except KeyringError:
        return ""


def _from_file(home: Path, name: str) -> str:
    try:
        return _path(home, name).read_text("utf-8")
    except FileNotFoundError:
        return ""


def _entry(home: Path, name: str) -> str:
    return str(home) if name == TOKEN else f"{home} {name}"


def _path(home: Path, name: str) -> Path:
    return home / (TOKEN if name == TOKEN else f"secret-{name}")
