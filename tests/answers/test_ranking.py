"""A query drops what is local and keeps what is shared; ranking puts what cured first and says why."""

from rackside.answers.context import STOP_WORDS, from_alert, from_text, normalise
from rackside.answers.ranking import Candidate, rank
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Thread

NOW_MS = 1_800_000_000_000


def a_thread(title: str = "Disk is full", **facts: object) -> Thread:
    known: dict[str, object] = {
        "id": new_id(), "group": "storage", "author": new_id(), "body": "df shows 100 %", "created_ms": NOW_MS, **facts
    }  # fmt: skip
    return Thread(title=title, **known)  # type: ignore[arg-type]


def test_two_machines_with_one_problem_ask_the_same_question() -> None:
    here = "Nov 23 01:02:03 files-02.corp.local sshd[811]: connect to 192.0.2.7 port 22: No route to host"
    there = "Dec  4 17:45:59 web-9.example.com sshd[4242]: connect to 198.51.100.3 port 22: No route to host"
    assert {term.word for term in from_text(here).terms} == {term.word for term in from_text(there).terms}


def test_identifiers_are_split_and_kept_whole() -> None:
    words = {term.word for term in from_text("java.lang.OutOfMemoryError in total-vm").terms}
    assert {"memory", "total-vm", "java"} <= words


def test_codes_weigh_more_than_words() -> None:
    weights = {term.word: term.weight for term in from_text("update failed with 0x80070005 on Windows").terms}
    assert weights["0x80070005"] > weights["windows"]


def test_no_text_becomes_an_operator_of_the_search() -> None:
    for hostile in ('" OR body:*', "NEAR(a b)", "a AND (", "-x ^y {z}", "''--", "\x00\x01"):
        for part in from_text(hostile).match().split(" OR "):
            assert not part or (part.startswith('"') and part.endswith('"') and '"' not in part[1:-1])


def test_stop_words_are_dropped() -> None:
    assert not {term.word for term in from_text("why is the disk full").terms} & STOP_WORDS


def test_paths_keep_only_their_last_part() -> None:
    assert "error.log" in normalise("see /var/log/mysql/error.log")
    assert "mysql" not in normalise("see /var/log/mysql/error.log")


def test_the_same_alert_goes_before_more_words() -> None:
    query = from_alert("disk.used/ext4/", "/srv is 92 % full")
    wordy = a_thread("disk full disk full space left device")
    same = a_thread("Reclaiming room", signature="disk.used")
    ranked = rank(query, [Candidate(wordy, 12.0), Candidate(same, 6.0)], now_ms=NOW_MS)
    assert [answer.thread for answer in ranked] == [same, wordy]
    assert "same alert" in ranked[0].why


def test_an_accepted_answer_goes_before_an_open_question() -> None:
    open_one, solved = a_thread(replies=3), a_thread(replies=3, accepted=new_id())
    ranked = rank(from_text("disk full"), [Candidate(open_one, 5.0), Candidate(solved, 5.0)], now_ms=NOW_MS)
    assert ranked[0].thread is solved
    assert "accepted answer" in ranked[0].why


def test_a_duplicate_is_collapsed_on_the_thread_it_duplicates() -> None:
    canonical = a_thread("No space left on device")
    duplicate = a_thread("disk full", duplicate_of=canonical.id)
    ranked = rank(from_text("disk full"), [Candidate(duplicate, 9.0), Candidate(canonical, 1.0)], now_ms=NOW_MS)
    assert [answer.thread for answer in ranked] == [canonical]
    other = rank(from_text("disk full"), [Candidate(duplicate, 9.0)], now_ms=NOW_MS)
    assert [answer.thread for answer in other] == [duplicate]


def test_each_answer_says_which_words_matched() -> None:
    (answer,) = rank(from_text("journald filled the disk"), [Candidate(a_thread("Cap journald"), 1.0)], now_ms=NOW_MS)
    assert "mentions journald" in answer.why[-1]


def test_the_order_of_equals_is_the_same_every_time() -> None:
    candidates = [Candidate(a_thread(), 1.0) for _ in range(20)]
    query = from_text("disk")
    assert rank(query, candidates, now_ms=NOW_MS) == rank(query, reversed(candidates), now_ms=NOW_MS)
