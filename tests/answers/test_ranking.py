"""A query drops what is local and keeps what is shared; ranking puts what cured first and says why."""

from typing import Any

import pytest

from rackside.answers.context import from_alert, from_text
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Thread
from rackside_ranking.context import from_error, from_question, from_thing, normalised
from rackside_ranking.quality import Candidate, Fix, rank
from rackside_ranking.words import STOP_WORDS, words_of

NOW_MS = 1_800_000_000_000
HERE = "Nov 23 01:02:03 sshd[811]: connect to 192.0.2.7 port 22: No route to host"
THERE = "Dec  4 17:45:59 sshd[811]: connect to 198.51.100.3 port 22: No route to host"


def a_thread(title: str = "Disk is full", **facts: Any) -> Thread:
    known: dict[str, Any] = {
        "id": new_id(), "group": "storage", "author": new_id(), "body": "df shows 100 %", "created_ms": NOW_MS, **facts
    }  # fmt: skip
    return Thread(title=title, **known)


def found(thread: Thread, **facts: Any) -> Candidate:
    return Candidate(thread, **{"score": 1.0, "said": 0.5, **facts})


def test_two_machines_with_one_problem_ask_the_same_question() -> None:
    assert from_error(HERE) == from_error(THERE)


def test_a_line_of_a_log_is_looked_for_word_by_word() -> None:
    assert from_error(HERE).kind == "log"
    assert from_error("connect: No route to host").kind == "error"
    assert from_text("why is my disk full?").kind == "question"
    assert from_text("why is my disk full?\nI deleted everything.").kind == "story"


@pytest.mark.parametrize(
    ("volatile", "shared"),
    [
        ("sshd[4711]: refused", "sshd refused"),
        ("mount of /dev/sdb1 at 10.1.2.3:2049 failed", "mount of at failed"),
        ("peer fe80::1ff:fe23:4567:890a is gone", "peer is gone"),
        ("job 550e8400-e29b-41d4-a716-446655440000 died", "job died"),
        ("see /var/log/mysql/error.log", "see error.log"),
    ],
)
def test_what_differs_from_machine_to_machine_is_dropped(volatile: str, shared: str) -> None:
    kept = words_of(normalised(volatile))
    assert set(words_of(shared)) <= set(kept)
    assert not {"4711", "10", "2049", "fe80", "550e8400", "mysql"} & set(kept)


def test_identifiers_are_split() -> None:
    assert words_of("KubeVolumeFilling pod_status HTTPServer") == [
        "kube",
        "volume",
        "filling",
        "pod",
        "status",
        "http",
        "server",
    ]


def test_stop_words_are_dropped() -> None:
    assert not set(from_text("why is the disk full").words) & STOP_WORDS


def test_a_product_is_kept_apart_from_the_trouble() -> None:
    query = from_thing("nginx", "high memory", version="1.24")
    assert {"nginx", "1.24"} <= set(query.product)
    assert "1.24" not in query.words


def test_a_query_holds_at_most_so_much_of_a_text() -> None:
    query = from_error(" ".join(f"word{number}" for number in range(100_000)))
    assert len(query.words) <= 64


def test_the_same_alert_goes_before_more_words() -> None:
    query = from_alert("disk.used/ext4/", "/srv is 92 % full")
    wordy = a_thread("disk full disk full space left device")
    same = a_thread("Reclaiming room", signature="disk.used/xfs/")
    ranked = rank(query, [found(wordy, score=4.0), found(same, score=1.0)], now_ms=NOW_MS)
    assert [answer.thread for answer in ranked] == [same, wordy]
    assert "same alert" in ranked[0].why


def test_an_accepted_answer_goes_before_an_open_question() -> None:
    open_one, solved = a_thread(replies=3), a_thread(replies=3, accepted=new_id())
    ranked = rank(from_text("disk full"), [found(open_one), found(solved)], now_ms=NOW_MS)
    assert ranked[0].thread is solved
    assert "accepted answer" in ranked[0].why


def test_what_cured_machines_goes_before_what_was_accepted() -> None:
    cured, solved = a_thread(replies=1), a_thread(replies=1, accepted=new_id())
    fix = Fix(tried=20, cleared=18, credited_tried=20, credited_cleared=18, untreated=0.1)
    ranked = rank(from_text("disk full"), [found(solved), found(cured, fix=fix)], now_ms=NOW_MS)
    assert ranked[0].thread is cured
    assert "cleared on 18 of 20 machines" in ranked[0].why


def test_a_fix_that_rides_on_what_heals_itself_does_not_rise() -> None:
    riding, solved = a_thread(replies=1), a_thread(replies=1, accepted=new_id())
    fix = Fix(tried=20, cleared=18, credited_tried=20, credited_cleared=18, untreated=0.9)
    ranked = rank(from_text("disk full"), [found(riding, fix=fix), found(solved)], now_ms=NOW_MS)
    assert ranked[0].thread is solved


def test_a_cure_of_another_trouble_does_not_outweigh_the_words_of_a_text() -> None:
    fix = Fix(tried=50, cleared=50, credited_tried=50, credited_cleared=50, untreated=0.1)
    cured, meant = a_thread("The fan is loud"), a_thread("Disk is full")
    candidates = [found(cured, fix=fix, score=3.0), found(meant, score=6.0)]
    (first, _), (worst, _) = (
        rank(query, candidates, now_ms=NOW_MS) for query in (from_text("disk full"), from_alert("raid//", "disk full"))
    )
    assert first.thread is meant
    assert worst.thread is cured


def test_what_is_outdated_falls() -> None:
    old, new = a_thread(replies=1, accepted=new_id()), a_thread(replies=1)
    ranked = rank(from_text("disk full"), [found(old, outdated=True), found(new)], now_ms=NOW_MS)
    assert ranked[0].thread is new
    assert "said to be outdated" in ranked[1].why


def test_what_says_too_little_of_the_query_is_left_out() -> None:
    assert rank(from_text("disk full"), [found(a_thread(), said=0.1)], now_ms=NOW_MS) == []


def test_each_answer_says_which_words_matched() -> None:
    (answer,) = rank(from_text("journald filled the disk"), [found(a_thread("Cap journald"))], now_ms=NOW_MS)
    assert "mentions journald" in answer.why[-1]


def test_the_order_of_equals_is_the_same_every_time() -> None:
    candidates = [found(a_thread()) for _ in range(20)]
    query = from_question("disk")
    assert rank(query, candidates, now_ms=NOW_MS) == rank(query, reversed(candidates), now_ms=NOW_MS)
