"""What a rule of masking found, looked at twice: values that name nobody stay, for they help to diagnose."""

import re
import socket
from itertools import pairwise
from typing import Final

from rackside.answers import mask_words as words

_LEAST_CHANGES: Final = 0.19
"""Of the neighbours in a text by chance about half differ in class (small, capital, digit); in a word hardly any do."""
_SHORTEST_BY_CHANCE: Final = 16
_UNIT_NUMBER: Final = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,6})?(?:[a-zA-Zµ%]{1,5}|/s)?")
_PLAIN: Final = frozenset(
    """
    true false yes no none null nil on off ok failed failure invalid expired missing required denied rejected unknown
    empty error not found and or the a an is are was has have had for of in to with from by mismatch incorrect wrong
    changed authentication authenticated authorization auth file files opened closed started stopped string bytes int
    integer undefined default optional unset set expires expiry refresh refreshed type types issuer verification
    verify verified validation check policy policies prompt provider service signing signature mount mounted mounts
    volume volumes reference ref secrets store stored manager management rotation rotated revoked supplied provided
    accepted lookup length size limit used unused must cannot could will would should does did unexpected
    """.split()  # noqa: SIM905 - prose reads better than a list of quoted words
)
_NETMASK: Final = re.compile(r"(?:255|254|252|248|240|224|192|128)\.(?:\d{1,3}\.){2}\d{1,3}")


def is_plain_number(value: str) -> bool:
    """Whether it is all digits and dashes, as a date is, and no long key."""
    digits = re.sub(r"\D", "", value)
    return bool(re.fullmatch(r"[\d: -]+", value)) and len(digits) < 14  # noqa: PLR2004 - date and time have 14


def is_plain_value(value: str) -> bool:
    """Whether it is a common word or a short number with its unit; a quoted text never is, unless that is all in it."""
    bare = value.strip("\"'“”«»\\").strip()
    lower = bare.lower().rstrip(".,:;)")
    return lower in _PLAIN or bool(_UNIT_NUMBER.fullmatch(bare) and len(bare) < 5) or len(lower) < 2  # noqa: PLR2004 - digits


def is_common_user(value: str) -> bool:
    """Whether it is an account of every system, a number, or a word that is no name."""
    first = re.split(r"[\\/\s:]+", value.strip("\"'“”«»"))[0].lower().rstrip(".$")
    last = re.split(r"[\\/\s:]+", value.strip("\"'“”«»"))[-1].lower().rstrip(".$")
    return all(each in words.KNOWN_USERS or each.isdigit() or len(each) < 2 for each in (first, last))  # noqa: PLR2004


def is_common_address(value: str) -> bool:
    """Whether it is loopback, any address or a netmask, or no address at all."""
    if ":" in value:
        return not _is_ipv6(value) or value in {"::", "::1"}
    plain = value.replace("[.]", ".")
    return plain.startswith(("127.0.", "0.0.0.", "255.")) or bool(_NETMASK.fullmatch(plain) and plain.endswith(".0"))


def is_no_address(value: str) -> bool:
    """Whether what stands around an @ is a unit of systemd, a package with its version, or an object in Java."""
    before, _, after = value.replace("%40", "@").rpartition("@")
    ending = after.rpartition(".")[2].lower()
    if not before:
        return is_no_host(after)
    if ending in words.FILE_ENDINGS and ending not in {"dev", "net", "name", "o", "a", "c", "h"}:
        return True
    hashed = re.fullmatch(r"[0-9a-f]{6,8}", after) is not None
    return (after == "localhost" and before in words.KNOWN_USERS) or (hashed and "." in before)


def is_public_host(value: str) -> bool:
    """Whether it is everybody's host, such as a mirror of packages."""
    return value.strip("\"'“”").lower().rstrip(".") in words.KNOWN_HOSTS


def is_no_host(value: str) -> bool:
    """Whether it is everybody's host, a file, a class, a kernel setting, a device, a version or a plain word."""
    bare = value.strip("\"'“”").rstrip(".")
    lower = bare.lower()
    labels = lower.split(".")
    if (
        lower in words.KNOWN_HOSTS
        or lower in words.KNOWN_USERS
        or lower in _PLAIN
        or lower.lstrip("v").replace(".", "").isdigit()
    ):
        return True
    if len(labels) == 1:
        return is_no_label(value)
    return _is_dotted_code(bare, labels)


def is_no_label(value: str) -> bool:
    """Whether, where a host or a user is expected, stands a device, a number or a common word."""
    lower = value.strip("\"'“”").rstrip(".").lower()
    common = lower in words.KNOWN_HOSTS or lower in words.KNOWN_USERS or lower in _PLAIN or lower in words.COMMON_NOUNS
    return common or _is_device(lower) or len(lower) < 2 or lower.lstrip("v").replace(".", "").isdigit()  # noqa: PLR2004


def is_technical(value: str) -> bool:
    """Whether capitalised words name a product or a part of a system, and no person."""
    return any(word.lower() in words.PRODUCTS for word in re.split(r"[\s-]", value))


def is_plain_path(value: str) -> bool:
    """Whether the path of an address is of words that every service has, such as `/api/v2/status`."""
    parts = (part.lower() for part in re.split(r"[/.:_-]", value) if part)
    return all(part in words.PATH_WORDS or (len(part) < 4 and any(c.isdigit() for c in part)) for part in parts)  # noqa: PLR2004


def is_no_id(value: str) -> bool:
    """Whether a run of hexadecimal digits is a number, a moment, or an address in the kernel."""
    if value.lower().startswith("ffffffff"):
        return True
    if value.isdigit():
        return not (len(value) == 15 and _luhn(value))  # noqa: PLR2004 - digits of an IMEI
    if "-" in value:
        return False
    return not any(c.isdigit() for c in value) or value.isalpha()


def is_no_serial(value: str) -> bool:
    """Whether a run of capitals and digits is a word, a number, a constant or a date."""
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    return digits < 2 or letters < 2 or _changes(value) < 2 or value.startswith(words.STANDARDS)  # noqa: PLR2004


def is_no_secret(value: str) -> bool:
    """Whether a long run is made of words: a path, a package, an identifier."""
    letters_and_digits = [c for c in value if c.isalnum()]
    if len(letters_and_digits) < _SHORTEST_BY_CHANCE - 2:
        return True
    parts = [part for part in re.split(r"[/_=-]", value) if part]
    if value.count("/") > 1 or value.count("-") + value.count("_") > 2:  # noqa: PLR2004 - a path or a name of words
        longest = max(parts, key=len)
        if len(longest) < 12:  # noqa: PLR2004 - shorter than what chance writes without a break
            return _changes(value) < len(letters_and_digits) * (0.3 if value.count("/") < 3 else 0.4)  # noqa: PLR2004
    by_chance = _changes(value) >= len(letters_and_digits) * _LEAST_CHANGES
    return not by_chance or not any(c.isalpha() for c in value) or (value.isdigit())


def is_well_known_sid(value: str) -> bool:
    """Whether it is the same on every machine, such as the one of the local system."""
    return not value.startswith(("S-1-5-21-", "S-1-12-", "S-1-5-80-", "S-1-15-", "S-1-5-5-"))


def _changes(value: str) -> int:
    """Count neighbours of another class; a capital before a small letter begins a word and is none."""

    def kind(character: str) -> int:
        return 0 if character.islower() else 1 if character.isupper() else 2 if character.isdigit() else 3

    pairs = ((kind(first), kind(second)) for first, second in pairwise(value))
    return sum(first != second and 3 not in (first, second) and (first, second) != (1, 0) for first, second in pairs)  # noqa: PLR2004


def _is_ipv6(value: str) -> bool:
    bare = value.partition("%")[0]
    for each in (bare, bare.rstrip(":"), bare.removesuffix(":")):
        try:
            socket.inet_pton(socket.AF_INET6, each)
        except (OSError, ValueError):
            continue
        return True
    return False


def _is_device(label: str) -> bool:
    word = re.sub(r"[-_]?\d+[a-z]?$", "", label)
    return (word in words.DEVICE_WORDS and not re.search(r"0\d+[a-z]?$", label)) or label in words.FILE_ENDINGS


def _is_dotted_code(value: str, labels: list[str]) -> bool:
    file = labels[-1] in words.FILE_ENDINGS
    known = re.fullmatch(words.TOP_LEVEL_DOMAINS, labels[-1]) is not None or labels[-1].startswith("xn--")
    if file and (not known or len(labels) < 3):  # noqa: PLR2004 - `install.sh`
        return True
    if labels[0] in words.CODE_ROOTS and (len(labels) > 2 or "_" in value):  # noqa: PLR2004 - labels
        return True
    if known:
        return any(c.isupper() for c in value[1:]) and not value.isupper() and "-" not in value
    telling = any(c.isdigit() or c == "-" or ord(c) > 127 for c in value)  # noqa: PLR2004 - ASCII
    return not telling or "_" in value


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(int(d) * 2, 10)) if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0
