"""What nobody else may read: in the keyring of the desktop, and where there is none in a 0600 file."""

import os
from pathlib import Path
from typing import Final

KEYRING_SERVICE: Final = "rackside"
PRIVATE: Final = 0o600


def read(account: str, path: Path) -> str:
    """Return what is kept for an account of our service in the keyring, else in its file, else the empty string."""
    return _from_keyring(account) or _from_file(path)


def keep(account: str, path: Path, value: str) -> str:
    """Keep a secret; return where, in words. An empty one is forgotten in both places."""
    import keyring  # noqa: PLC0415 - it looks for backends when it is imported, which takes long
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        if value:
            keyring.set_password(KEYRING_SERVICE, account, value)
            path.unlink(missing_ok=True)
            return "in the keyring of this desktop"
        keyring.delete_password(KEYRING_SERVICE, account)
    except KeyringError:
        pass
    if not value:
        path.unlink(missing_ok=True)
        return "nowhere"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "w", encoding="utf-8") as file:
        file.write(value)
    return f"in {path}, which only you can read, since this desktop has no keyring"


def _from_keyring(account: str) -> str:
    import keyring  # noqa: PLC0415 - it looks for backends when it is imported, which takes long
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        return keyring.get_password(KEYRING_SERVICE, account) or ""
    except KeyringError:
        return ""


def _from_file(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
