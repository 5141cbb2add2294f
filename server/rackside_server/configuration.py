"""What an operator sets through the environment, read once and changed never. Importing this writes nothing."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from platformdirs import user_data_path

PRIVATE_FOLDER_MODE = 0o700
PRIVATE_FILE_MODE = 0o600
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of the file
SQLITE_FILE = "community.db"
MEASURES_FOLDER = "measures"
LAST_BACKUP_FILE = "last-backup.json"
BUSY_TIMEOUT_S = 20
"""How long a writer waits for its turn on SQLite. Transactions take milliseconds; an import takes its turns, too."""
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
NOTICE_DEATH: dict[str, str] = {
    "connect_timeout": "5",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""What has libpq give up a database host that went silent, in 20 to 30 s; the URL's query goes before."""
_PLACE = re.compile(r"(\[[^]]*\]|[^:]*)(?::(\d*))?")
IPNetwork: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Configuration:
    """The settings of one server."""

    data_dir: Path
    database_url: str
    listen_url: str
    secret_key: str
    hosts: tuple[str, ...]
    public_url: str
    log_level: str
    name: str
    sign_up_open: bool
    backups_elsewhere: bool
    metrics_token: str
    trusted_proxies: tuple[IPNetwork, ...]

    @property
    def https(self) -> bool:
        """Whether people reach the server through https."""
        return self.public_url.startswith("https://")

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the SQLite database, if it is one."""
        parts = urlsplit(self.database_url)
        return Path(unquote(parts.path)) if parts.scheme == "sqlite" else None


def read_configuration() -> Configuration:
    """Read the environment, with a default for everything.

    Raises:
        ValueError: a setting cannot be read.
    """
    env = os.environ.get
    data_dir = Path(env("RACKSIDE_DATA") or user_data_path("rackside-server", appauthor=False)).absolute()
    public_url = env("RACKSIDE_URL", "http://127.0.0.1:8870").rstrip("/")
    hosts = {"127.0.0.1", "localhost", "[::1]", urlsplit(public_url).hostname or "127.0.0.1"}
    hosts.update(_listed(env("RACKSIDE_HOSTS", "")))
    return Configuration(
        data_dir=data_dir,
        database_url=env("DATABASE_URL") or f"sqlite://{data_dir.as_posix()}/{SQLITE_FILE}",
        listen_url=env("RACKSIDE_LISTEN_URL", ""),
        secret_key=env("RACKSIDE_SECRET_KEY") or _stored_key(data_dir / SECRET_KEY_FILE),
        hosts=tuple(sorted(hosts)),
        public_url=public_url,
        log_level=env("RACKSIDE_LOG_LEVEL", "INFO").upper(),
        name=env("RACKSIDE_NAME", "Rackside"),
        sign_up_open=env("RACKSIDE_SIGN_UP", "open") == "open",
        backups_elsewhere=env("RACKSIDE_BACKUPS", "") == "elsewhere",
        metrics_token=env("RACKSIDE_METRICS_TOKEN", ""),
        trusted_proxies=_networks(env("RACKSIDE_TRUSTED_PROXIES", "")),
    )


def prepare_data_dir(data_dir: Path) -> None:
    """Make the data folder, readable by its owner only, and the key with which sessions are signed."""
    data_dir.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
    if not (data_dir / SECRET_KEY_FILE).exists():
        _sync_names(data_dir)
    write_private(data_dir / SECRET_KEY_FILE, secrets.token_urlsafe(48), replace=False)


def _sync_names(folder: Path) -> None:
    """Have the names of a new folder and of those above it on the disk.

    SQLite syncs the folder that its files are in and none above: with a power cut a new folder would be gone with all
    that was committed in it. Windows cannot sync a folder; NTFS journals names by itself.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    for above in folder.parents:
        with suppress(PermissionError):  # a folder that this account cannot read was not made by this program
            descriptor = os.open(above, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def write_private(file: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that only its owner can read from its first byte on, whole or not at all."""
    if file.exists() and not replace:
        return
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
    draft.replace(file)


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's description of the database behind a URL.

    Raises:
        ValueError: the URL names neither SQLite nor PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": BUSY_TIMEOUT_S,
                "init_command": SQLITE_PRAGMAS,
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        credentials, _, places = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        hosts, ports = _places(places)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(user),
            "PASSWORD": unquote(password),
            "HOST": hosts,
            "PORT": ports,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {**NOTICE_DEATH, **dict(parse_qsl(parts.query))},
        }
    raise ValueError(f"DATABASE_URL begins with sqlite:// or postgresql://, not with {parts.scheme or 'nothing'!r}.")


def _places(places: str) -> tuple[str, str]:
    """Return the hosts and the ports of `a:5432,b:5433`, each listed as libpq takes them."""
    found = [_PLACE.fullmatch(place) for place in places.split(",")]
    if not all(found):
        raise ValueError(f"DATABASE_URL names hosts as in one:5432,two:5432, not as in {places!r}.")
    hosts = [unquote(place[1]).strip("[]") for place in found if place]
    ports = [place[2] or "" for place in found if place]
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _listed(text: str) -> list[str]:
    """Return what a text lists, parted by commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


def _networks(text: str) -> tuple[IPNetwork, ...]:
    try:
        return tuple(ip_network(each) for each in _listed(text))
    except ValueError as error:
        raise ValueError(f"RACKSIDE_TRUSTED_PROXIES lists networks such as 127.0.0.1, 10.0.0.0/8: {error}.") from error


def _stored_key(file: Path) -> str:
    """Return the key of an earlier start; without one, a key that lasts as long as this process."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)
