"""A table of comma-separated values: the columns `label`, `kind`, the fields of the kinds, `machine`, `group`."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from rackside.watch.checks.run import KINDS
from rackside.watch.imports.found import Found, NotReadableError, left_out, made

NEEDED: Final = {"label", "kind"}
APART: Final = ",;\t"


def read(text: str) -> Iterator[Found]:
    """Yield each row.

    Raises:
        NotReadableError: the first row does not name the columns.
    """
    head = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text), delimiter=max(APART, key=head.count))
    if not {*(rows.fieldnames or ())} >= NEEDED:
        raise NotReadableError(
            "The first row of a table names its columns: label and kind, then host, port, url and so on."
        )
    for row in rows:
        kind = (row["kind"] or "").strip()
        if kind not in KINDS:
            why = f"its kind is {kind or 'empty'}, and not one of {', '.join(sorted(KINDS))}"
            yield left_out(row["label"] or "", why)
            continue
        fields = {name: row.get(name) for name in KINDS[kind].__struct_fields__}
        machine, group = (row.get("machine") or "").strip(), (row.get("group") or "").strip()
        yield made(row["label"], kind, fields, row.get("every_s"), host=machine, group=group)
