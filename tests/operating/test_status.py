"""`rackside-server status` and the rules by which something is wrong."""

from pathlib import Path

import msgspec
import pytest

from rackside_server.operating import rules, words
from rackside_server.operating.facts import Facts, Figures, Standby
from tests.operating.servers import command

GIB = 1024**3
HOUR_S = 3_600
WELL = Facts(
    at_ms=0, database="postgresql", channels=3, head_sum=1_000, members=9, newest_action_age_s=5.0,
    actions_last_minute=2, actions_last_hour=40, database_bytes=GIB, free_bytes=20 * GIB, oldest_transaction_s=0.1,
    standbys=[Standby("b", "streaming", 0.2, 1_000)], backup_age_s=20 * HOUR_S, tidied_age_s=HOUR_S,
)  # fmt: skip
RUNNING = Figures(processes=2, waiting=3, requests={}, actions={}, errors={}, slow={}, slow_s={})


def wrong(changed: dict[str, object], *, elsewhere: bool = False) -> list[str]:
    facts = msgspec.structs.replace(WELL, **changed)
    return [each.what for each in rules.problems(facts, RUNNING, backups_elsewhere=elsewhere)]


def test_a_server_that_is_well_has_no_problem() -> None:
    assert wrong({}) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"free_bytes": GIB - 1}, "Disk"),
        ({"in_recovery": True}, "standby"),
        ({"oldest_transaction_s": 301.0}, "transaction"),
        ({"standbys": [Standby("b", "catchup", 0.0, 0)]}, "Standby b"),
        ({"standbys": [Standby("b", "streaming", 31.0, 0)]}, "Standby b"),
        ({"standbys": [Standby("b", "streaming", 0.0, GIB)]}, "Standby b"),
        ({"backup_age_s": 27.0 * HOUR_S}, "Backup"),
        ({"backup_age_s": None}, "Backup"),
        ({"tidied_age_s": 4.0 * HOUR_S}, "Tidying"),
    ],
)
def test_each_trouble_is_told_by_itself(changed: dict[str, object], word: str) -> None:
    [what] = wrong(changed)
    assert word in what


def test_backups_made_elsewhere_are_not_missed_and_neither_is_one_of_an_empty_community() -> None:
    assert wrong({"backup_age_s": None}, elsewhere=True) == []
    assert wrong({"backup_age_s": None, "head_sum": 10}) == []


def test_status_works_without_a_server_and_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    status, said = command(folder, "status")
    assert status == 1
    assert "rackside-server migrate" in str(said["error"])
    assert command(folder, "migrate", "--backup-to", str(tmp_path / "backups"))[0] == 0
    assert not (tmp_path / "backups").exists(), "there was nothing to lose"
    status, said = command(folder, "status")
    assert (status, said["problems"], said["database"]) == (0, [], "sqlite")
    assert isinstance(said["database_bytes"], int)
    assert said["database_bytes"] > 100_000
    assert said["figures"] == {
        "processes": 0, "waiting": 0, "requests": {}, "actions": {}, "errors": {}, "slow": {}, "slow_s": {},
    }  # fmt: skip


def test_a_database_that_cannot_be_reached_is_told_of_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://rackside:s3cret-s3cret@127.0.0.1:1/rackside"
    status, said = command(tmp_path / "data", "status", DATABASE_URL=url)
    assert status == 1
    assert "DATABASE_URL" in str(said["error"])
    assert "s3cret" not in str(said)


@pytest.mark.parametrize(
    ("command_name", "variable", "value"),
    [
        ("serve", "RACKSIDE_TRUSTED_PROXIES", "the proxy"),
        ("status", "DATABASE_URL", "mysql://x"),
        ("check", "RACKSIDE_DATA", "/proc/1/data"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(command_name: str, variable: str, value: str, tmp_path: Path) -> None:
    status, said = command(tmp_path / "data", command_name, **{variable: value})
    assert status == 1
    assert variable in str(said["error"]) or value in str(said["error"])


def test_sizes_and_ages_read_well() -> None:
    assert [words.size(each) for each in (0, 1_023, 1_024, 3 * GIB)] == ["0 bytes", "1,023 bytes", "1.0 KiB", "3.0 GiB"]
    assert [words.ago(each) for each in (None, 3.0, 90.0, 7_200.0, 5 * 86_400.0)] == [
        "never", "3 s ago", "2 min ago", "2 h ago", "5 days ago",
    ]  # fmt: skip
