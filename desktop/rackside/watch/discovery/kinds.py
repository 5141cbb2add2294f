"""What kind of device it is, and why we think so: a table of evidence, each with its weight. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import msgspec

from rackside.watch.discovery.device import Confidence, Device, Kind
from rackside.watch.discovery.kind_rules import RULES, Rule

LEAST: Final = 2
"""Of less evidence no kind is named."""
LEVELS: Final[tuple[tuple[int, int, Confidence], ...]] = ((7, 3, "sure"), (4, 2, "likely"), (LEAST, 0, "a guess"))
"""(at least so much evidence, and so much more than for the next kind, word)"""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The kind, the sentences that speak for it, the strongest first, and how far to trust it."""

    kind: Kind = "unknown"
    why: tuple[str, ...] = ()
    confidence: Confidence = "unknown"


def judge(device: Device) -> Verdict:
    """Return the kind that most speaks for; of two the first in the order of kinds."""
    found: defaultdict[Kind, list[tuple[int, str]]] = defaultdict(list)
    for rule in RULES:
        if sentence := _holds(rule, device):
            found[rule.kind].append((rule.weight, sentence))
    if not found:
        return Verdict()
    sums = {kind: sum(weight for weight, _ in reasons) for kind, reasons in found.items()}
    kind = max(sums, key=lambda each: sums[each])
    second = max((total for each, total in sums.items() if each != kind), default=0)
    for least, ahead, word in LEVELS:
        if sums[kind] >= least and sums[kind] - second >= ahead:
            reasons = sorted(found[kind], key=lambda each: -each[0])
            return Verdict(kind=kind, why=tuple(sentence for _, sentence in reasons), confidence=word)
    return Verdict()


def _holds(rule: Rule, device: Device) -> str:
    """Return the sentence that a rule says of a device, or nothing where it does not hold."""
    parts = list(_parts(rule, device))
    return " and ".join(parts) if parts and all(parts) else ""


def _parts(rule: Rule, device: Device) -> Iterator[str]:
    """Yield a sentence for each condition of a rule, empty for one that does not hold."""
    listens = tuple(port for port in device.ports if port not in device.exporters)
    if rule.ports:
        yield f"listens on {_and(rule.ports)}" if {*rule.ports} <= {*listens} else ""
    if rule.exporters:
        ports = [port for port in rule.exporters if port in device.exporters]
        yield f"answers as an exporter on {_and(ports)}" if ports else ""
    if rule.services:
        told = [each for each in rule.services if each in device.services]
        yield f"tells {told[0].partition('.')[0]}" if told else ""
    for words, text, sentence in (
        (rule.vendor, device.vendor, "its maker is {whole}"),
        (rule.named, device.name, "its name has “{word}”"),
        (rule.model, device.model, "its model is {whole}"),
        (rule.says, " / ".join([device.described, *device.greetings.values()]), "it says “{word}”"),
    ):
        if words:
            hit = re.search(words, text, re.IGNORECASE)
            yield sentence.format(whole=text, word=hit[0]) if hit else ""
    if rule.fact:
        yield rule.fact_said if getattr(device, rule.fact) else ""


def _and(ports: tuple[int, ...] | list[int]) -> str:
    return " and ".join(str(port) for port in ports)
