"""Whether a Prometheus exporter answers, and whether one of its numbers is as expected."""

import math
from typing import ClassVar, Final

from rackside.watch.checks.check import Check, Deadline, Level, Result, WebAddress
from rackside.watch.checks.http import fetch

MOST_BYTES: Final = 8 * 1024 * 1024
HTTP_OK: Final = 200


class Prometheus(Check, frozen=True, kw_only=True, tag="prometheus"):
    """An exporter answers. With `metric`, such as `node_load1`, the largest of its samples is held to the levels."""

    TARGET: ClassVar[str] = "url"
    SHOWN: ClassVar[str] = "an exporter answers, and one of its numbers is as expected"
    url: WebAddress
    metric: str = ""
    warning_above: float = math.inf
    critical_above: float = math.inf

    def look(self, until: Deadline) -> Result:
        """Get its page and read it."""
        from prometheus_client.parser import text_string_to_metric_families

        page = fetch(self.url, until, most=MOST_BYTES)
        if page.status != HTTP_OK:
            return Result(level="critical", sentence=f"{self.url} answers {page.status} {page.reason}".rstrip())
        try:
            families = list(text_string_to_metric_families(page.body.decode("utf-8")))
        except ValueError:
            return Result(level="critical", sentence=f"What {self.url} says is no page of metrics")
        samples = [sample for family in families for sample in family.samples]
        values = {"time": (page.took_ms, "ms"), "samples": (float(len(samples)), "")}
        if not self.metric:
            sentence = f"{self.url} tells {len(samples)} numbers"
            return Result(level="ok" if samples else "critical", sentence=sentence, values=values)
        found = [sample.value for sample in samples if sample.name == self.metric and not math.isnan(sample.value)]
        if not found:
            return Result(level="critical", sentence=f"{self.url} does not tell {self.metric}", values=values)
        most = max(found)
        values[self.metric] = (most, "")
        said = f"{self.metric} is {most:g}"
        return Result(level=self._level(most), sentence=said, values=values, answers=True, main=self.metric)

    def _level(self, most: float) -> Level:
        if most > self.critical_above:
            return "critical"
        return "warning" if most > self.warning_above else "ok"
