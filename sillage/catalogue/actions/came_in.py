"""Something new came in through a page: rooms above may want to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sillage.governance.engine.actors import Actor


@dataclass(frozen=True, slots=True)
class CameIn:
    """Who brought it in, and when. It is committed."""

    actor: Actor
    now: datetime


_listeners: list[Callable[[CameIn], object]] = []


def tell_what_came_in_to(listener: Callable[[CameIn], object]) -> None:
    """Let a room above read what comes in: named once, in `front/wiring.py`."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(came: CameIn) -> None:
    for listener in _listeners:
        listener(came)
