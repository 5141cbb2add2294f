"""What load balancers, Prometheus and the staff are shown, and nobody else."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask
from rackside_server.operating import gauges, health, measures, statements
from tests.kernel.cast import OPEN_GROUP, Actor
from tests.kernel.transport import request

pytestmark = pytest.mark.django_db
TOKEN = "of-the-operators-scraper"


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Change what the operator has set; the data folder is the test's own."""

    def configure(**changed: object) -> None:
        monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, **changed))  # type: ignore[arg-type]
        gauges.forget()

    configure(data_dir=tmp_path)
    return configure


def scraped() -> dict[str, float]:
    """Return each sample, by its name and labels."""
    answer = request("GET", "/metrics")
    assert answer.status == 200
    families = text_string_to_metric_families(answer.body.decode())
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value for each in families for sample in each.samples
    }


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_health_is_open_says_no_secret_and_needs_no_host_of_ours(path: str) -> None:
    answer = request("GET", path, headers={"Host": "10.1.2.3:8870"})
    assert (answer.status, answer.body) == (200, b'{"status":"ok"}')


def test_health_fails_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("connection to postgresql://rackside:s3cret@db failed")

    monkeypatch.setattr(connection, "cursor", gone)
    for path in ("/health", "/health/ready"):
        answer = request("GET", path)
        assert (answer.status, answer.body) == (503, b'{"status":"database"}')


def test_a_server_whose_database_lacks_a_migration_is_alive_and_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'operating'")
    middleware = health.Answer(lambda _: None)  # type: ignore[arg-type, return-value]
    assert middleware._asked(middleware._alive) == ""
    assert middleware._asked(middleware._ready) == "migrations"


def test_metrics_are_for_this_machine_or_for_the_token(configured: Callable[..., None]) -> None:
    assert request("GET", "/metrics").status == 200
    assert request("GET", "/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status == 403
    configured(public_url="https://rackside.example")
    assert request("GET", "/metrics").status == 403, "a proxy on this machine may stand for the whole world"
    configured(metrics_token=TOKEN)
    assert request("GET", "/metrics", token=TOKEN).status == 200
    assert [request("GET", "/metrics", token=each).status for each in ("", TOKEN[:-1], TOKEN + "x")] == [403] * 3


def test_metrics_from_another_machine_are_refused() -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics", headers={"host": "127.0.0.1"}).status_code == 403
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics", headers={"host": "127.0.0.1"}).status_code == 200


def test_a_scrape_counts_what_was_done(alice: Actor) -> None:
    before = scraped()
    ask = Ask(id=new_id(), group=OPEN_GROUP, title="Why is /var full?", body="df says 100 %.")
    alice.sync(ask)
    alice.sync(ask)
    gauges.forget()
    after = scraped()

    def more(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert more("rackside_requests_total api/sync 2xx") == 2
    assert (more("rackside_actions_total done"), more("rackside_actions_total already")) == (1, 1)
    assert more("rackside_sync_seconds_count up") == more("rackside_sync_seconds_count down") == 2
    assert more("rackside_rows_sent_total") > 3
    assert more("rackside_sent_bytes_total api/sync") > 300
    assert after["rackside_actions_last_minute"] == 1
    assert after["rackside_head_sum"] > before["rackside_head_sum"]
    assert after["rackside_free_bytes"] > 0
    assert after["rackside_members"] == 1


def test_addresses_that_are_guessed_make_no_figures_of_their_own() -> None:
    request("GET", "/wp-login.php")
    request("GET", "/threads/0192/")
    named = {name.split()[1] for name in scraped() if name.startswith("rackside_requests_total")}
    assert {"unknown", "threads/<str:thread>/"} <= named
    assert not any("wp-login" in name or "0192" in name for name in named)


def test_a_slow_statement_is_counted_by_its_text_without_what_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "SLOW_S", 0.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'a private word', %s, 4711 WHERE 1 IN (%s, %s, %s)", ["another word", 1, 2, 3])
    counted = measures.samples(measures.registry_of_all(), "rackside_slow_statements_total", "statement")
    assert counted["SELECT …, %s, … WHERE … IN (%s…)"] >= 1
    assert not any("word" in each for each in counted)


def test_many_forms_of_one_statement_are_one_figure() -> None:
    insert = "INSERT INTO t (a, b) VALUES (%s, %s)"
    shapes = {statements.shape(insert + ", (%s, %s)" * rows) for rows in range(50)}
    assert len(shapes) == 2
    assert statements.shape('SAVEPOINT "s140_x1"') == statements.shape('SAVEPOINT "s999_x22"')
    assert len(statements.shape("SELECT " + "x, " * 1_000)) <= statements.STATEMENT_CHARACTERS


@pytest.mark.django_db(transaction=True)
def test_each_new_connection_is_timed_once() -> None:
    connections["default"].close()
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert connection.execute_wrappers.count(statements.timed) == 1
        connection.close()


def test_errors_are_counted_by_logger(caplog: pytest.LogCaptureFixture) -> None:
    handler = measures.ErrorCounter()
    for level in (logging.WARNING, logging.ERROR, logging.CRITICAL):
        handler.handle(logging.LogRecord("a.planted.logger", level, __file__, 1, "x", None, None))
    assert measures.samples(measures.registry_of_all(), "rackside_errors_total", "logger")["a.planted.logger"] == 2
    assert any(isinstance(each, measures.ErrorCounter) for each in logging.getLogger().handlers)
    caplog.clear()


def test_the_page_is_for_the_staff(alice: Actor, staff: Actor) -> None:
    def seen_by(actor: Actor | None) -> tuple[int, str]:
        browser = Client()
        if actor is not None:
            browser.force_login(actor.member)
        answer = browser.get("/operating/", headers={"host": "127.0.0.1"})
        return answer.status_code, answer.content.decode()

    assert seen_by(None)[0] == 302
    assert seen_by(alice)[0] == 404
    status, page = seen_by(staff)
    assert status == 200
    assert "How the server is" in page
    assert "Slow statements" in page
    assert "<script" not in page
    assert 'href="/operating/"' in page
