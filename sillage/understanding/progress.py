"""Progress of a run on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import TaskID

from sillage.adapters.terminal import progress

TITLES = {
    "posts": "Reading posts",
    "comments": "Reading comments",
    "models": "Fitting models on this corpus",
    "profiles": "Making profiles",
    "authenticity": "Looking whether numbers fit together",
    "originality": "Comparing what accounts published",
    "expected": "Working out what next posts may come to",
}


@contextmanager
def reporting() -> Iterator[Callable[[str, int, int], None]]:
    """A function that shows (stage, done, total) as bars, while the block lasts."""
    bars: dict[str, TaskID] = {}
    with progress() as shown:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = shown.add_task(TITLES[stage], total=total)
            shown.update(bars[stage], completed=done, total=total)

        yield report
