"""The page on which one's own words are changed."""

from PySide6.QtWidgets import QWidget

from rackside.kit.cards import StateView, column
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.store import documents
from rackside.threads.panel_composer import Composer, one_line, tags_of
from rackside_protocol.ids import Id, new_id
from rackside_protocol.threads import EditPost, EditThread, Post, Thread


class EditPage(Panel):
    """Changing one's own question or post."""

    def __init__(self, context: Context, item: Id) -> None:
        super().__init__()
        self._context = context
        held = documents.get(context.store, item)
        self._item = held
        if not isinstance(held, (Thread, Post)):
            self.setLayout(column(StateView("empty", "This text is not on this machine any more."), None))
            return
        self._title = one_line("Title", held.title if isinstance(held, Thread) else "")
        self._tags = one_line("Tags, separated by spaces", " ".join(held.tags) if isinstance(held, Thread) else "")
        composer = Composer(context, f"edit:{item}", "Markdown", "Save", self._save)
        composer.fill(held.body)
        head: list[QWidget] = [PlainLabel("Edit", role="title")]
        head += [self._title, self._tags] if isinstance(held, Thread) else []
        self.setLayout(column(*head, None, composer, gap=10, margins=(24, 20, 8, 0)))

    def title(self) -> str:
        """Name the page."""
        return "Edit"

    def _save(self, body: str) -> bool:
        held = self._item
        if isinstance(held, Thread):
            self._context.act(
                EditThread(
                    id=new_id(), thread=held.id, title=self._title.text(), body=body, tags=tags_of(self._tags.text())
                )
            )
            self._context.open_link(f"thread:{held.id}")
        elif isinstance(held, Post):
            self._context.act(EditPost(id=new_id(), post=held.id, body=body))
            self._context.open_link(f"thread:{held.thread}")
        return True
