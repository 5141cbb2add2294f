"""DATABASE_URL: one host, or several of which libpq takes the one that may be written to."""

import pytest

from rackside_server.configuration import database_settings


@pytest.mark.parametrize(
    ("places", "host", "port"),
    [
        ("", "", ""),
        ("one", "one", ""),
        ("one:5433", "one", "5433"),
        ("one:1,two:2", "one,two", "1,2"),
        ("one,two:2", "one,two", ",2"),
        ("[::1]:5433,10.0.0.2", "::1,10.0.0.2", "5433,"),
        ("%2Fvar%2Frun", "/var/run", ""),
    ],
)
def test_hosts_and_ports_are_listed_as_libpq_takes_them(places: str, host: str, port: str) -> None:
    for before in ("", "me:s%40cret@"):
        found = database_settings(f"postgresql://{before}{places}/community")
        assert (found["HOST"], found["PORT"], found["NAME"]) == (host, port, "community")
        assert (found["USER"], found["PASSWORD"]) == (("me", "s@cret") if before else ("", ""))


def test_the_query_goes_to_libpq_and_before_our_own_patience() -> None:
    found = database_settings("postgresql://one,two/db?target_session_attrs=read-write&connect_timeout=2")["OPTIONS"]
    assert (found["target_session_attrs"], found["connect_timeout"]) == ("read-write", "2")
    assert found["tcp_user_timeout"]


def test_hosts_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="one:5432,two:5432"):
        database_settings("postgresql://one:two:three/db")
