"""What a rule of grammar found: where, which rule, and what might stand instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """On [start, end) of the text. `soft`: a question of register rather than of right and wrong."""

    rule: str
    start: int
    end: int
    fixes: tuple[str, ...]
    soft: bool = False
