"""What can be written to or reached: mail, UUIDs, MAC, IPv6 and IPv4."""

# ruff: noqa: E501, RUF001 - a pattern that is broken over lines is read no better

from collections.abc import Iterator

from rackside.answers.mask_patterns import CAPITALISED, Found, never
from rackside.answers.mask_values import (
    is_common_address,
    is_no_address,
    is_plain_number,
    is_technical,
    is_well_known_sid,
)


def addresses() -> Iterator[Found]:
    """Yield what can be written to or reached."""
    yield (
        "name",
        r"(?im)^\s{0,8}(?:from|to|cc|bcc|reply-to|sender|return-path|delivered-to|errors-to)\s{0,2}:\s{0,4}(?P<x>[^<\n@]{1,200}?)(?=\s{0,4}<)",
        never,
    )
    yield (
        "name",
        r"(?P<x>\"[^\"\n@]{1,100}\"|(?<![\w.])[A-Z][\w'-]{1,40}(?: [A-Z][\w.'-]{0,40}){1,3})(?=\s<[^<>\s@]{1,100}@)",
        never,
    )
    yield (
        "name",
        rf"(?P<x>{CAPITALISED}(?: {CAPITALISED}){{0,2}})(?=['’]s (?:i?Phone|iPad|i?Mac|MacBook|Watch|AirPods|Laptop|PC|TV|Galaxy|Pixel|Computer|Desktop|Tablet|Printer|Echo|Kindle|device|machine)\b)",
        is_technical,
    )
    yield (
        "name",
        rf"(?i:\b(?:for|licen[sc]ed to|registered to|issued to|belongs to|owned by|assigned to|signed by|written by|created by|modified by|opened by|contact|of|dear|regards,|thanks,|user|customer|author|owner|from|by|to|with|mr|mrs|ms|dr)\.?:?\s{{1,2}})(?P<x>{CAPITALISED}(?: {CAPITALISED}){{1,2}})(?![\w])",
        is_technical,
    )
    yield "email", r"\"[^\"\n@]{1,100}\"@[\w.-]{1,253}\w", never
    yield "email", r"(?<![\w.+%$/'!#&*=?^{|}~-])[\w.+%$/'!#&*=?^{|}~-]{1,100}@\[[^\]\s]{1,60}\]", never
    yield (
        "email",
        r"(?<![\w.+%$/'!#&*?^{|}~-])[\w+%$/][\w.+%$/'!#&*?^{|}~-]{0,100}(?:@|%40)[^\W\d](?:[\w.-]{0,252}\w)?",
        is_no_address,
    )
    yield "email", r"(?<![\w.+-])[\w+][\w.+-]{0,64}@(?:\d{1,3}\.){3}\d{1,3}\b", never
    yield "email", r"(?<![\w.+-])[\w+][\w.+-]{0,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", is_no_address
    yield "sid", r"\bS-1-\d{1,2}(?:-\d{1,20}){1,15}", is_well_known_sid
    yield (
        "uuid",
        r"(?i)(?<![0-9a-f])[0-9a-f]{8}([-_])[0-9a-f]{4}(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{2,12}(?![0-9a-f])",
        never,
    )
    yield "wwn", r"(?i)(?P<x>(?<![a-z.])(?:wwn-|naa\.|eui\.|nvme\.|t10\.|scsi-|iqn\.)[\w.:-]{6,200})", never
    yield "wwn", r"(?i)\b0x[256][0-9a-f]{15}(?:[0-9a-f]{16})?\b", never
    yield "mac", r"(?i)(?<![\w:-])[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4,30}(?![\w:]|-\w)", never
    yield "mac", r"(?i)(?<![\w:])[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}(?![\w:])", never
    yield "mac", r"(?i)(?<![\w.:-])[0-9a-f]{4}([.:-])[0-9a-f]{4}\1[0-9a-f]{4}(?![\w:]|[.-]\w)", is_plain_number
    yield "mac", r"(?i)(?<![\w-])[0-9a-f]{6}[-:][0-9a-f]{6}(?![\w-])", is_plain_number
    yield "mac", r"(?i)(?<![\w-])[0-9a-f]{2}(?: [0-9a-f]{2}){5}(?! ?[0-9a-f]{2}\b)(?![\w-])", is_plain_number
    yield (
        "ipv6",
        r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)(?:[0-9A-Fa-f:]{1,38}:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{2,39})(?:%25|%)[\w.@-]{1,40}",
        is_common_address,
    )
    yield (
        "ipv6",
        r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)(?P<x>[0-9A-Fa-f:]{1,38}:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{2,39})(?![0-9A-Fa-f:]*\w)",
        is_common_address,
    )
    yield (
        "ipv4",
        r"(?<!\w)(?<!\w\.)(?<!\d-)(?P<x>(?:0{0,2}\d|0?\d\d|1\d\d|2[0-4]\d|25[0-5])(?:(?:\.|\[\.\])(?:0{0,2}\d|0?\d\d|1\d\d|2[0-4]\d|25[0-5])){3})(?![\w]|\.\d{1,3}\.|-?\w*\.(?:jar|so|deb|rpm)\b)",
        is_common_address,
    )
    yield "host", r"(?i)\bip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?:\.[\w-]{1,63}){0,8}", never
    yield "ipv4", r"(?<![\w-])(?:\d{1,3}-){3}\d{1,3}(?=\.[a-z])", never
