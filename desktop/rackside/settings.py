"""What the person chose, in `settings.json`: written whole or not at all, readable by her alone."""

import logging
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

log = logging.getLogger(__name__)

Theme: TypeAlias = Literal["auto", "light", "dark"]
Edge: TypeAlias = Literal["left", "right"]
Severity: TypeAlias = Literal["info", "warning", "critical"]
Security: TypeAlias = Literal["starttls", "tls", "none"]
BodyFormat: TypeAlias = Literal["json", "slack", "teams", "ntfy"]
NAME = "settings.json"
PRIVATE = 0o600


class Probes(msgspec.Struct, kw_only=True):
    """The outbound hosts of the network probes. Nothing is sent to them without the consent."""

    dns_name: str = "debian.org"
    internet_host: str = "deb.debian.org"
    internet_port: int = 443
    ping_gateway: bool = True


class Sponsors(msgspec.Struct, kw_only=True):
    """What the person wants of sponsored panels. Quiet hours are local, from inclusive to exclusive."""

    show: bool = True
    wanted_at_high_trust: bool = False
    presenting: bool = False
    quiet_from_h: int = 22
    quiet_to_h: int = 7


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts by e-mail: over which server, from whom, to whom. The password is kept by `store.secrets`, never here."""

    on: bool = False
    host: str = ""
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    least: Severity = "warning"


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts to a web address, and in which shape. The secret is kept by `store.secrets`, never here."""

    on: bool = False
    url: str = ""
    format: BodyFormat = "json"
    least: Severity = "warning"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How the person hears of alerts. Frozen, since the thread that delivers reads it.

    Quiet hours are local, from inclusive to exclusive, over midnight; none when both are the same. `quiet_days` are
    weekdays that are wholly quiet, 0 is Monday.
    """

    desktop: bool = True
    desktop_least: Literal["warning", "critical"] = "warning"
    quiet: bool = False
    quiet_from_h: int = 22
    quiet_to_h: int = 7
    quiet_days: tuple[int, ...] = ()
    critical_breaks_quiet: bool = True
    mail: Mail = msgspec.field(default_factory=Mail)
    webhook: Webhook = msgspec.field(default_factory=Webhook)


class Settings(msgspec.Struct, kw_only=True):
    """Every choice, with the value it has until the person chooses. `cache_days` 0 keeps all.

    `log_files` are paths of log files that are followed beside those of the machine.
    """

    consent: bool = False
    server_url: str = ""
    embedded: bool = False
    member: str = ""
    handle: str = ""
    theme: Theme = "auto"
    edge: Edge = "right"
    docked: bool = True
    collapsed: bool = False
    poll_s: int = 60
    cache_budget_mb: int = 512
    cache_days: int = 0
    reduced_motion: bool = False
    log_files: tuple[str, ...] = ()
    probes: Probes = msgspec.field(default_factory=Probes)
    sponsors: Sponsors = msgspec.field(default_factory=Sponsors)
    delivery: Delivery = msgspec.field(default_factory=Delivery)


def load(home: Path) -> Settings:
    """Read the settings; a file that cannot be read is put aside, said in the log, and replaced by the defaults."""
    path = home / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings()
    except (msgspec.DecodeError, OSError) as error:
        aside = path.with_name(f"settings.damaged-{int(time.time())}.json")
        path.replace(aside)
        log.warning(
            "The settings could not be read (%s). They are kept as %s; the defaults are in force.", error, aside
        )
        return Settings()


def save(home: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all; what a newer version wrote there is kept."""
    path = home / NAME
    known = msgspec.to_builtins(settings)
    with suppress(OSError, msgspec.DecodeError, TypeError):
        known = _merged(msgspec.json.decode(path.read_bytes()), known)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)  # one that a stopped write left could be open to others
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(known), indent=2))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _merged(older: dict[str, object], newer: dict[str, object]) -> dict[str, object]:
    """Lay one set of choices over another, group by group, so that what only the older one knows stays."""
    merged = {**older, **newer}
    for name, group in newer.items():
        held = older.get(name)
        if isinstance(group, dict) and isinstance(held, dict):
            merged[name] = _merged(held, group)
    return merged
