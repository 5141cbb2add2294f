"""What waits to be told by which way, and what was told. Pure: alerts and times go in, news that are due come out."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from rackside.settings import Delivery
from rackside.watch.delivery import when
from rackside.watch.delivery.model import WAYS, Course, DeliveryError, Heard, News, Status, Way
from rackside.watch.limits import HOUR_S, MINUTE_S
from rackside.watch.model import Alert

FIRST_PAUSE_S: Final = MINUTE_S
LONGEST_PAUSE_S: Final = HOUR_S
MOST_ATTEMPTS: Final = 30
"""With pauses that double from a minute up to an hour, a day."""
LASTING_ATTEMPTS: Final = 7
"""What fails until somebody changes something is tried again as seldom as that."""
KEPT_S: Final = 2 * HOUR_S
"""What cleared is remembered as long as it could still be a flap."""
Latest = Callable[[str], Alert | None]
"""Returns an alert as it is now, with what the person said of it."""


class Ledger:
    """Takes alerts as they change and says what is due. `unsaved` names what changed since it was written down."""

    def __init__(self) -> None:
        self.news: dict[str, News] = {}
        self.courses: dict[str, Course] = {}
        self.status: dict[Way, Status] = dict.fromkeys(WAYS, Status())
        self.unsaved: set[str] = set()

    def take(self, alert: Alert, delivery: Delivery, now_s: float) -> None:
        """Take an alert as it is now; one that is as it was is nothing new."""
        signal = signal_of(alert)
        course = self.courses.get(signal)
        became = when.transition(course, alert)
        if became is None:
            return
        before = course or Course(alert=alert.id, severity=alert.severity, open=True, at_s=now_s)
        course = msgspec.structs.replace(
            before, alert=alert.id, severity=alert.severity, open=alert.is_open(), at_s=now_s
        )
        self._remember(signal, course)
        for way in WAYS:
            news = News(way=way, transition=became, alert=alert, made_s=now_s, due_s=now_s)
            if news.begins:
                self._begin(news, course, delivery)
            else:
                self._end(news, course, delivery)

    def due_s(self, way: Way) -> float | None:
        """Return when a way has something to do next; None when nothing waits.

        A way that failed rests: what is new waits with what failed.
        """
        held = [news for news in self.news.values() if news.way == way]
        failed = [news.due_s for news in held if news.attempts and not news.wait]
        return min(failed) if failed else min((news.due_s for news in held), default=None)

    def due(self, way: Way, delivery: Delivery, now_s: float, latest: Latest) -> list[News]:
        """Return what a way tells now, in one go; what it need not tell any more is let go.

        What is new goes along although it could wait a little.
        """
        at_s = self.due_s(way)
        if at_s is None or at_s > now_s:
            return []
        ready = [
            each for each in list(self.news.values()) if each.way == way and (each.due_s <= now_s or not each.wait)
        ]
        kept = [news for each in ready if (news := self._again(each, delivery, now_s, latest)) is not None]
        begun = {news.alert.id for news in kept if news.begins}
        found = []
        for news in kept:
            if news.begins or news.alert.id in begun or self._was_told(news):
                found.append(news)
            else:
                self._drop(news.key)
        return sorted(found, key=lambda news: (not news.begins, _rank(news), news.made_s))

    def sent(self, way: Way, batch: Iterable[News], now_s: float) -> None:
        """Note that news went out. What changed of them meanwhile waits on."""
        for news in batch:
            signal = signal_of(news.alert)
            course = self.courses.get(signal)
            if news.begins and course is not None and (course.alert == news.alert.id or way not in course.heard):
                heard = Heard(alert=news.alert.id, severity=news.alert.severity, at_s=now_s)
                course.heard, course.missed = course.heard | {way: heard}, course.missed | {way: 0}
                self._remember(signal, course)
            held = self.news.get(news.key)
            if held is not None and held.made_s == news.made_s:
                self._drop(news.key)
        self._fares(way, success_s=now_s, error="", error_s=0.0)

    def failed(self, way: Way, batch: Iterable[News], error: DeliveryError, now_s: float) -> None:
        """Note that news did not go out: they are tried again after a pause that grows, and let go after a day."""
        held = [self.news[news.key] for news in batch if news.key in self.news]
        most = max((news.attempts for news in held), default=0)
        pause_s = FIRST_PAUSE_S * 2.0 ** min(LASTING_ATTEMPTS if error.lasting else most, LASTING_ATTEMPTS)
        due_s = now_s + min(max(pause_s, error.after_s), LONGEST_PAUSE_S)
        lost = 0
        for news in held:
            if news.attempts + 1 < MOST_ATTEMPTS:
                again = {"attempts": news.attempts + 1, "said": str(error), "wait": "", "due_s": due_s}
                self._put(msgspec.structs.replace(news, **again))
            else:
                self._drop(news.key)
                lost += 1
        given_up = f" After a day of trying, {lost} message{'s were' if lost > 1 else ' was'} given up." if lost else ""
        self._fares(way, error=f"{error}{given_up}", error_s=now_s)

    def let_go(self, way: Way, batch: Iterable[News], why: str, now_s: float) -> None:
        """Let news go that cannot be told, and say why."""
        for news in batch:
            self._drop(news.key)
        self._fares(way, error=why, error_s=now_s)

    def tested(self, way: Way, error: str, now_s: float) -> None:
        """Note how a test went; after one that went well, what failed is tried again."""
        if error:
            self._fares(way, error=error, error_s=now_s)
        else:
            self._fares(way, success_s=now_s, error="", error_s=0.0)
            self.hurry(now_s)

    def hurry(self, now_s: float) -> None:
        """Have all that failed, and all that waits for the end of quiet hours, looked at again now."""
        for news in list(self.news.values()):
            if (news.attempts or news.wait == "quiet") and news.due_s > now_s:
                self._put(msgspec.structs.replace(news, due_s=now_s))

    def postpone(self, batch: Iterable[News], due_s: float) -> None:
        """Have news wait until then."""
        for news in batch:
            self._put(msgspec.structs.replace(news, due_s=due_s))

    def prune(self, now_s: float) -> None:
        """Forget the course of what cleared long enough ago."""
        waiting = {signal_of(news.alert) for news in self.news.values()}
        for signal, course in list(self.courses.items()):
            if not course.open and now_s - course.at_s > KEPT_S and signal not in waiting:
                del self.courses[signal]
                self.unsaved.add(signal)

    def waiting(self, way: Way) -> int:
        """Return how many news wait."""
        return sum(news.way == way for news in self.news.values())

    def _begin(self, news: News, course: Course, delivery: Delivery) -> None:
        self._drop(msgspec.structs.replace(news, transition="eased").key)
        before = self.news.get(news.key)
        due = when.begins(delivery, news.way, course, news.alert, news.made_s)
        if due is None:
            self._drop(news.key)
            return
        if before is not None and before.attempts and not before.wait:
            self._put(msgspec.structs.replace(before, alert=news.alert, made_s=news.made_s))
            return
        due_s = min(due.due_s, before.due_s) if before is not None and before.wait == due.wait else due.due_s
        became = "raised" if before is not None else news.transition
        self._put(msgspec.structs.replace(news, transition=became, due_s=due_s, wait=due.wait))

    def _end(self, news: News, course: Course, delivery: Delivery) -> None:
        begun = self.news.get(msgspec.structs.replace(news, transition="raised").key)
        if begun is not None and news.transition == "eased" and course.told(news.way) is None:
            self._put(msgspec.structs.replace(begun, alert=news.alert, made_s=news.made_s))
            return
        if begun is not None and (begun.wait or news.way == "desktop" or news.transition == "eased"):
            self._miss(begun, course)
            if course.told(news.way) is None or news.transition == "eased":
                return
            begun = None
        due = when.ends(delivery, news.way, course, news.made_s)
        if due is None and begun is not None:
            due = when.Due(begun.due_s)
        if due is not None:
            self._put(msgspec.structs.replace(news, due_s=due.due_s, wait=due.wait))
        else:
            self._drop(news.key)

    def _miss(self, begun: News, course: Course) -> None:
        """Let go of what was over before it was told, and count it if that was for a flap."""
        self._drop(begun.key)
        if begun.wait == "flap":
            course.missed = course.missed | {begun.way: course.missed.get(begun.way, 0) + 1}
            self._remember(signal_of(begun.alert), course)

    def _again(self, news: News, delivery: Delivery, now_s: float, latest: Latest) -> News | None:
        """Return news as they are to be told now; None when they wait on, or are not told at all."""
        course = self.courses.get(signal_of(news.alert))
        due: when.Due | None = when.Due(now_s)
        if course is None or not when.is_on(delivery, news.way):
            self._drop(news.key)
            return None
        if news.begins:
            news = msgspec.structs.replace(
                news, alert=latest(news.alert.id) or news.alert, missed=course.missed.get(news.way, 0)
            )
            if news.alert.is_open():
                due = when.begins(delivery, news.way, course, news.alert, now_s)
            elif news.wait:
                self._miss(news, course)
                return None
        elif course.alert == news.alert.id and course.told(news.way) is not None:
            due = when.ends(delivery, news.way, course, now_s)
        if due is None:
            self._drop(news.key)
        elif due.wait:
            self._put(msgspec.structs.replace(news, due_s=due.due_s, wait=due.wait))
        else:
            return news
        return None

    def _was_told(self, news: News) -> bool:
        heard = self.courses[signal_of(news.alert)].heard.get(news.way)
        return heard is not None and heard.alert == news.alert.id

    def _fares(self, way: Way, **what: object) -> None:
        self.status[way] = msgspec.structs.replace(self.status[way], **what)
        self.unsaved.add(way)

    def _put(self, news: News) -> None:
        self.news[news.key] = news
        self.unsaved.add(news.key)

    def _drop(self, key: str) -> None:
        if self.news.pop(key, None) is not None:
            self.unsaved.add(key)

    def _remember(self, signal: str, course: Course) -> None:
        self.courses[signal] = course
        self.unsaved.add(signal)


def signal_of(alert: Alert) -> str:
    """Return what an alert's course is kept under: its kind and its component."""
    return f"{alert.kind}/{alert.component}"


def _rank(news: News) -> int:
    return ("critical", "warning", "info").index(news.alert.severity)
