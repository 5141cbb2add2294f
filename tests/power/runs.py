"""Whole runs: a program recorded, its power cut at many points, and what became of its promises."""

from pathlib import Path
from typing import Final

from tests.power import answers, desktop, promises, server
from tests.power.disk import MODELS, Model
from tests.power.figures import Figures
from tests.power.recording import record
from tests.power.replay import cuts, scratch

DESKTOP_TURNS: Final = 120
SERVER_TURNS: Final = 60


def cut_desktops(points: int, seed: int, *, twin: str = "", turns: int = DESKTOP_TURNS) -> dict[Model, Figures]:
    """Cut a desktop's power at so many points under each model of a disk."""
    found = {model: Figures() for model in MODELS}
    with scratch() as folder:
        recording = record(Path(folder), desktop.__name__, seed, turns, twin)
        for model, figures in found.items():
            said = promises.Said()
            for root in cuts(recording, model, points, seed, said):
                promises.audit(root / desktop.HOME, said, promises.server_at(recording.kept, said), figures)
    return found


def cut_servers(
    prepared: Path, points: int, seed: int, *, twin: str = "", turns: int = SERVER_TURNS
) -> dict[Model, Figures]:
    """Cut a server's power at so many points under each model of a disk; `prepared` holds its empty database."""
    found = {model: Figures() for model in MODELS}
    with scratch() as folder:
        recording = record(Path(folder), server.__name__, seed, turns, twin, prepared)
        for model, figures in found.items():
            answered = server.Answered()
            for root in cuts(recording, model, points, seed, answered):
                answers.audit(root / server.DATA, answered, figures)
    return found
