"""Who counts calls to the language model: a room above, which keeps what a workspace allows.

It is named once, in `front/wiring.py`; no model is asked without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sillage.adapters.language_models import Used
from sillage.governance.engine.actors import Actor
from sillage.understanding.engine.model_calls import CallWanted


@dataclass(frozen=True, slots=True)
class CallEnded:
    """How a call ended: answered or failed, with what trouble. `kept` and `dropped` count what its checks said."""

    outcome: str
    trouble: str = ""
    used: Used = field(default_factory=Used)
    seconds: float = 0.0
    kept: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


class Reserve(Protocol):
    """Commit a call with the most that it may use, and return its id. Raises Refusal where the limits leave no room."""

    def __call__(self, *, workspace_id: int, member_id: int | None, wanted: CallWanted, now: datetime) -> int: ...


class Settle(Protocol):
    """Write down what a reserved call used, and enter it."""

    def __call__(
        self, *, call_id: int, wanted: CallWanted, ended: CallEnded, actor: Actor, now: datetime
    ) -> object: ...


@dataclass(frozen=True, slots=True)
class Counter:
    reserve: Reserve
    settle: Settle


_counters: list[Counter] = []


def count_model_calls_with(reserve: Reserve, settle: Settle) -> None:
    """Say who counts calls: called once, in `front/wiring.py`."""
    _counters[:] = [Counter(reserve, settle)]


def counter() -> Counter:
    """Who counts calls."""
    return _counters[0]
