"""docs/operating.md and the units say what is so."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from rackside_server.cli import _parser
from rackside_server.operating import gauges, measures

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "packaging" / "systemd").iterdir())
ENDINGS = ("_bucket", "_total")
BY_STANDBY = {"rackside_standby_lag_seconds", "rackside_standby_lag_bytes"}


def metrics() -> set[str]:
    """Return the names of every metric there is."""
    counted = {
        family.name
        for each in vars(measures).values()
        if isinstance(each, MetricWrapperBase)
        for family in each.describe()
    }
    return counted | gauges.GAUGES.keys() | BY_STANDBY


def test_every_metric_of_the_page_exists_and_every_one_that_exists_is_on_the_page() -> None:
    named = set(re.findall(r"\brackside_[a-z_]+\b", DOCS)) - {"rackside_server"}
    for ending in ENDINGS:
        named = {name.removesuffix(ending) for name in named}
    assert named <= metrics()
    assert metrics() - named == {"rackside_actions_last_hour"}, "which the page shortens to _hour"


def test_every_setting_is_on_the_page() -> None:
    source = (ROOT / "server" / "rackside_server" / "configuration.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\(\s*"([A-Z_]+)"', source))
    assert len(read) > 8
    assert set(re.findall(r"`([A-Z_]+)`", DOCS)) - {"INFO", "DEBUG", "HEALTHCHECK"} == read


def test_every_command_of_the_page_exists() -> None:
    known = set(_parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]
    named = set(re.findall(r"rackside-server ([a-z]+)", DOCS)) | set(
        re.findall(r"^rackside ([a-z]+)", DOCS, re.MULTILINE)
    )
    assert named <= known


def test_the_container_and_the_units_start_what_there_is() -> None:
    known = set(_parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]
    for unit in UNITS:
        assert set(re.findall(r"bin/rackside-server ([a-z]+)", unit.read_text())) <= known
    containerfile = (ROOT / "packaging" / "container" / "Containerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", containerfile, re.MULTILINE)
    assert all((ROOT / name).exists() for names in copied for name in names.split())
    assert "USER 10001" in containerfile


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", [each for each in UNITS if each.suffix == ".service"], ids=lambda unit: unit.name)
def test_the_units_stay_hardened(unit: Path) -> None:
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", unit],  # noqa: S607 - of the system
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert rated.returncode == 0, rated.stdout[-500:] + rated.stderr
