"""docs/postgres.md: each section is what a command measured last."""

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "postgres.md"


def write_section(title: str, command: str, texts: list[str]) -> None:
    """Replace what the page has of a command by what it says now."""
    head = f"## {title}\n"
    section = f"{head}\n`{command}`:\n\n```\n" + "\n".join(texts) + "\n```\n"
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(head)
    after = rest[rest.find("\n## ") :] if found and "\n## " in rest else ""
    PAGE.write_text(f"{before.rstrip()}\n\n{section}{after}", encoding="utf-8")
