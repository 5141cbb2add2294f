"""The numbers of following logs and of judging their errors, each once, and why it is what it is."""

from typing import Final

from rackside.watch.limits import HOUR_S, MINUTE_S

DAY_S: Final = 24 * HOUR_S

POLL_S: Final = 10.0
"""Seconds between two looks. Starting journalctl costs 6 ms: 0.06 % of a core."""
HURRY_S: Final = 1.0
"""Seconds until the next look when there was more to read than one look may."""
MOST_READ_BYTES: Final = 2 * 1024**2
"""One look at one log. At a line of 100 bytes that is 20,000 lines, and with `HURRY_S` as many a second."""
SLICE_BYTES: Final = 128 * 1024
"""What is in memory of a file at a time."""
MOST_BEHIND_BYTES: Final = 16 * 1024**2
"""A file that is further ahead than this is not caught up with: it is gone on with near its end."""
MOST_UNPACKED_BYTES: Final = 64 * 1024**2
"""How far a compressed file is unpacked to go on in it: a third of a second of work."""
LINE_BYTES: Final = 4 * 1024
"""Longer lines are cut; journald cuts what it sends as JSON at the same length."""
TAIL_BYTES: Final = 1024
"""What is compared before the position, to know a file again after it was copied, compressed or refilled."""
JOURNAL_TIMEOUT_S: Final = 20.0
"""journalctl is ended after this long: a journal of gigabytes on a slow disk."""
MOST_IN_A_HURRY: Final = 30
"""Looks in a row at a journal that all were full: then it is gone on with at its end."""
SAVE_S: Final = 5 * MINUTE_S
"""A position that only passed lines without an error is written this often: to read those again repeats nothing."""

LEARN_S: Final = DAY_S
"""A log is learned for a day, in which every nightly job comes by once, before anything in it is called new."""
NEW_FOR_S: Final = DAY_S
"""How long an error stays new: an alert of it can be raised again and its flaps are counted. Then it is usual."""
LEAST_NEW: Final = 3
"""An error that is seen once or twice in a day is mostly a hiccup. Critical ones count from the first."""
LATE_S: Final = DAY_S
"""Older lines, read after a long absence, are learned from and not judged."""
AFTER_BOOT_S: Final = 2 * MINUTE_S
"""What is logged this long after a boot is not judged: everything waits for everything then."""
WINDOW_S: Final = 10 * MINUTE_S
BURST_TIMES: Final = 10.0
"""This many times the usual is a burst..."""
LEAST_BURST: Final = 20
"""...of at least this many lines in ten minutes: of what comes once a week, five are no burst..."""
LOUDEST_TIMES: Final = 2.0
"""...and more than this many times the loudest ten minutes of the days before: a nightly job is loud every night."""
LOUD_PERIOD_S: Final = DAY_S / 2
LOUD_AFTER_S: Final = DAY_S / 4
"""Of each half day, compared once it is over for six hours, so that a burst is no excuse for itself."""
LOUD_FOR_S: Final = 8 * DAY_S
"""A week and a day, so that a weekly job is known."""
USUAL_S: Final = 3 * DAY_S
"""The time constant of the usual rate: what goes on for eight hours at ten times its rate is usual then."""

MOST_GROUPS: Final = 2_000
"""At about 1.5 kB each, 3 MB. The one that was not seen for longest goes first."""
MOST_OF_A_UNIT: Final = 100
"""Who has said a hundred different things says anything: what more it says is one group, so nothing of it is new."""
MOST_ALERTS: Final = 20
"""New errors of one severity that raise alerts within a day. An upgrade can make a hundred; nobody reads those."""
MOST_WORDS: Final = 16
MOST_LETTERS: Final = 140
"""The words and letters of a normalised error: the protocol takes signatures of 200."""
SHOWN_LETTERS: Final = 80
"""Of a normalised error in an alert's name."""
EXAMPLE_LETTERS: Final = 500
MOST_SHOWN: Final = 50
"""Groups that a panel is given, newest first."""
