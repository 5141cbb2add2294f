"""The page of the inventory, and the command: sections, a filter, and what this machine cannot tell."""

import json
import time

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from rackside.cli import main
from rackside.kit.stream import Stream
from rackside.machine.panel_inventory import InventoryPage
from rackside.store import inventory
from rackside.store.inventory import Inventory
from tests.threads.desk import Desk, Until, desk, texts

__all__ = ["desk"]
TAKEN = Inventory(
    at_s=time.time(),
    sections={"packages": {"nginx": "1.22.1", "openssl": "3.0.16"}, "system": {"kernel": "6.1.0"}},
    stamps={"packages": "1", "system": "2"},
)


def test_it_waits_for_the_first_one_and_then_lists_it(desk: Desk, until: Until) -> None:
    page = InventoryPage(desk.context)
    page.show()
    until(lambda: any("taken for the first time" in text for text in texts(page)))
    inventory.put(desk.store, TAKEN)
    page.refresh(page.TOPICS)
    stream, words, section = (page.findChild(kind) for kind in (Stream, QLineEdit, QComboBox))
    assert isinstance(stream, Stream)
    assert isinstance(words, QLineEdit)
    assert isinstance(section, QComboBox)
    until(lambda: stream.count() == 3)
    section.setCurrentIndex(section.findData("system"))
    assert [stream._row(0).title, stream._row(0).meta, stream.count()] == ["kernel", "6.1.0", 1]
    section.setCurrentIndex(0)
    words.setText("OPEN 3.0")
    assert [stream._row(0).title, stream.count()] == ["openssl", 1]
    words.setText("nothing")
    assert "Nothing is like that. Clear the filter to see all." in texts(page)


def test_the_command_takes_it_now(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inventory", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sections"]["system"]
    assert main(["inventory", "system"]) == 0
    assert "kernel" in capsys.readouterr().out.lower()
    assert main(["inventory", "nonsense"]) == 1
    assert "there is no section nonsense" in capsys.readouterr().err
