"""What is wrong with the fields of a check, in words: msgspec's own are for programmers. Pure."""

import re
from typing import Final

import msgspec

ACRONYMS: Final = {"url": "URL", "json": "JSON", "oid": "OID"}
UNITS: Final = {"s": "s"}
_OF_FIELD: Final = re.compile(r"(?P<what>.*) - at `\$\.(?P<field>\w+)(\[.*\])?`", re.DOTALL)
_NEEDED: Final = re.compile(r"Object missing required field `(\w+)`")
_BOUND: Final = re.compile(r"Expected `(?P<of>\w+)` (?:of length )?(?P<sign><=|>=|<|>) (?P<bound>[-\d.e+]+)")
_TYPE: Final = re.compile(r"Expected `(?P<type>int|float)(?: \| null)?`, got `")
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
    return f"{spoken(at['field'])} {_has_to_be(at['field'], at['what'])}."


def _has_to_be(field: str, what: str) -> str:
    if bound := _BOUND.match(what):
        unit = " characters" if bound["of"] == "str" else ""
        return f"has to be {BOUNDS[bound['sign']]} {float(bound['bound']):,g}{unit}"
    if found := _TYPE.match(what):
        return f"has to be a {'whole number' if found['type'] == 'int' else 'number'}"
    if what.startswith("Expected `str` matching regex"):
        return f"has to be {PATTERNS[field]}"
    return "is none of those that can be chosen" if what.startswith("Invalid enum value") else f"is wrong: {what}"


def spoken(field: str) -> str:
    """Return a field's name as a person reads it: `JSON path`, `Timeout (s)`."""
    *words, last = field.split("_")
    unit = UNITS.get(last) if words else None
    said = " ".join(ACRONYMS.get(word, word) for word in (words if unit else [*words, last]))
    return f"{said[:1].upper()}{said[1:]}" + (f" ({unit})" if unit else "")
