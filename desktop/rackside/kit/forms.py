"""Controls of choices: each with its name, and told to whoever keeps the choice."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QWidget

from rackside.kit.cards import row
from rackside.kit.text import PlainLabel

TEXT_MARGIN_PX = 6
"""Before a number, so that it begins where other fields do."""


def labelled(name: str, control: QWidget) -> QWidget:
    """Put a name before a control."""
    made = QWidget()
    control.setAccessibleName(name)
    layout = row(PlainLabel(name), None, control, gap=12)
    control.setMinimumWidth(220)
    made.setLayout(layout)
    return made


def check(name: str, on: bool, chosen: Callable[[bool], None]) -> QCheckBox:  # noqa: FBT001 - its state
    """Make a box to tick; `chosen` hears each change."""
    made = QCheckBox(name)
    made.setChecked(on)
    made.toggled.connect(chosen)
    return made


def choice(
    options: tuple[str, ...], now: str, chosen: Callable[[str], None], shown: Callable[[str], str] = str.capitalize
) -> QComboBox:
    """Make a list to choose from; `chosen` hears each choice, and `shown` says how one is written."""
    made = QComboBox()
    for option in options:
        made.addItem(shown(option), option)
    made.setCurrentIndex(options.index(now))
    made.currentIndexChanged.connect(lambda index: chosen(options[index]))
    return made


def number(
    now: int, least: int, most: int, unit: str, chosen: Callable[[int], None] = lambda _number: None
) -> QSpinBox:
    """Make a number with its unit; `chosen` hears each change."""
    made = QSpinBox()
    made.setRange(least, most)
    made.setSuffix(unit)
    made.setKeyboardTracking(False)
    made.lineEdit().setTextMargins(TEXT_MARGIN_PX, 0, 0, 0)
    made.setValue(now)
    made.valueChanged.connect(chosen)
    return made
