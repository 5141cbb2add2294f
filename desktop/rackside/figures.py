"""Numbers with their units, as short as they can be read: `11.4` `GiB`, `38` `Mbit/s`, `3 d`."""

from typing import Final

_BINARY: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_RATES: Final = ("bit/s", "kbit/s", "Mbit/s", "Gbit/s")
_SPANS: Final = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))
_STEP: Final = 1_024.0
_THOUSAND: Final = 1_000.0
_TEN: Final = 10.0


def written(value: float, unit: str) -> tuple[str, str]:
    """Return a value and its unit for any reading."""
    match unit:
        case "B":
            return bytes_of(value)
        case "B/s":
            number, size = bytes_of(value)
            return number, f"{size}/s"
        case "bit/s":
            return rate_of(value)
        case "s":
            return span_of(value), ""
        case "%":
            return percent(value), unit
        case _:
            return short(value), unit


def percent(value: float) -> str:
    """Return a share: whole, or with one decimal below ten."""
    return "0" if value < 0.05 else short(value)  # noqa: PLR2004 - what one decimal shows as 0.0


def short(value: float) -> str:
    """Return a number with one decimal below ten, whole above; no decimal that is zero."""
    if abs(value) >= _TEN - 0.05:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0")


def bytes_of(value: float, like: float | None = None) -> tuple[str, str]:
    """Return a size; `like` picks the unit by another size, so that two can be compared."""
    scale, step = abs(like if like is not None else value), 0
    while scale >= _STEP and step < len(_BINARY) - 1:
        scale, step = scale / _STEP, step + 1
    number = value / _STEP**step
    return (f"{number:,.0f}" if step == 0 or number >= _THOUSAND / _TEN else f"{number:.1f}"), _BINARY[step]


def rate_of(value: float) -> tuple[str, str]:
    """Return bits a second."""
    step = 0
    while value >= _THOUSAND and step < len(_RATES) - 1:
        value, step = value / _THOUSAND, step + 1
    return short(value), _RATES[step]


def span_of(seconds: float) -> str:
    """Return a length of time in its largest unit: `3 d`, `5 h`, `12 min`."""
    for length, unit in _SPANS:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return "1 min"
