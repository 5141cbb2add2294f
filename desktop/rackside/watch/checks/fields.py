"""The fields of a check in words: their names, what may be typed, and what is wrong. Pure; msgspec's own are for us."""

import math
import re
from typing import Final

import msgspec

ACRONYMS: Final = {"url": "URL", "json": "JSON", "oid": "OID"}
SECONDS: Final = "_s"
"""What the name of a field ends with that is a time."""
SPANS: Final = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
_SPAN: Final = re.compile(rf"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>{'|'.join(SPANS)})", re.ASCII)
_OF_FIELD: Final = re.compile(r"(?P<what>.*) - at `\$\.(?P<field>\w+)(\[.*\])?`", re.DOTALL)
_NEEDED: Final = re.compile(r"Object missing required field `(\w+)`")
_BOUND: Final = re.compile(r"Expected `(?P<of>\w+)` (?:of length )?(?P<sign><=|>=|<|>) (?P<bound>[-\d.e+]+)")
_TYPE: Final = re.compile(r"Expected `(?P<type>int|float)(?: \| null)?`, got `")
HINTS: Final = {
    "host": "a name or an address",
    "url": "such as https://shop.example/health",
    "name": "such as shop.example",
    "heartbeat.name": "such as backup",
    "port": "such as 5432",
    "expect": "what it has to greet with",
    "dns.expect": "what one of its records has to be",
    "keyword": "what has to stand on the page",
    "json_path": "such as data.0.state",
    "json_value": "what has to stand there",
    "server": "without one, this machine's resolver is asked",
    "metric": "such as node_load1; the largest of its samples counts",
    "secret": "the name of what is kept on this machine",
    "oid": "such as 1.3.6.1.2.1.1.3.0",
    "folder": "without one, the console's own",
    "warning_above": "without one, the kind's own",
    "critical_above": "without one, the kind's own",
    "warning_below": "without one, the kind's own",
    "critical_below": "without one, the kind's own",
    "prometheus.warning_above": "without one, no number warns",
    "prometheus.critical_above": "without one, no number is critical",
}
"""What may be typed into a field, of a kind's own first."""
BOUNDS: Final = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than"}
PATTERNS: Final = {
    "host": "a name or an address, without https:// and spaces",
    "url": "an address that begins with http:// or https:// and names a host",
    "name": "a name that begins with a letter or a digit, without slashes",
}
"""What a field that has a pattern has to be."""


def problem(error: msgspec.ValidationError) -> str:
    """Return a sentence that says what has to be typed in place of what was."""
    said = str(error)
    if needed := _NEEDED.match(said):
        return f"{spoken(needed[1])} is needed."
    at = _OF_FIELD.fullmatch(said)
    if at is None:
        return f"{said[:1].upper()}{said[1:]}."
    field = at["field"]
    bounded = " seconds" if field.endswith(SECONDS) and _BOUND.match(at["what"]) else ""
    return f"{spoken(field)} {_has_to_be(field, at['what'])}{bounded}."


def _has_to_be(field: str, what: str) -> str:
    if bound := _BOUND.match(what):
        unit = " characters" if bound["of"] == "str" else ""
        return f"has to be {BOUNDS[bound['sign']]} {float(bound['bound']):,g}{unit}"
    if field.endswith(SECONDS) and _TYPE.match(what):
        return "has to be a time such as 90 min or 1 d"
    if found := _TYPE.match(what):
        return f"has to be a {'whole number' if found['type'] == 'int' else 'number'}"
    if what.startswith("Expected `str` matching regex"):
        return f"has to be {PATTERNS[field]}"
    return "is none of those that can be chosen" if what.startswith("Invalid enum value") else f"is wrong: {what}"


def hint(kind: str, field: msgspec.structs.FieldInfo) -> str:
    """Return what stands in a field that nothing is typed into: its usual value, or what may be typed."""
    usual = field.default
    if isinstance(usual, int | float | str) and usual and usual != math.inf:
        return shown(field.name, usual)
    said = HINTS.get(f"{kind}.{field.name}", HINTS.get(field.name, ""))
    return f"needed: {said}" if field.required else said


def shown(field: str, value: object) -> str:
    """Return a value as it is typed: of a time `1 d`, of another number without the decimals that are none."""
    if not isinstance(value, int | float):
        return str(value)
    if not field.endswith(SECONDS):
        return f"{value:.15g}"
    unit, seconds = next((unit, seconds) for unit, seconds in SPANS.items() if seconds == 1 or not value % seconds)
    return f"{value / seconds:.15g} {unit}"


def typed(field: str, text: str) -> str:
    """Return what was typed as the field's value: of a time `90 min` as seconds."""
    span = _SPAN.fullmatch(text) if field.endswith(SECONDS) else None
    return f"{float(span['number']) * SPANS[span['unit']]:.15g}" if span else text


def spoken(field: str) -> str:
    """Return a field's name as a person reads it: `JSON path`, `Timeout`."""
    said = " ".join(ACRONYMS.get(word, word) for word in field.removesuffix(SECONDS).split("_"))
    return f"{said[:1].upper()}{said[1:]}"
