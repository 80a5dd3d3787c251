"""What a drawing asks of fonts, and what a shelf of fonts answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sillage.studio.engine.text_fitting import Letters


@dataclass(frozen=True, slots=True)
class Face:
    """The font that words ask for."""

    families: tuple[str, ...]
    weight: int = 400
    is_slanted: bool = False


class Found(Protocol):
    """A font of the shelf that answers to a face, with what stands in for letters that it lacks."""

    @property
    def family(self) -> str: ...

    @property
    def weight(self) -> int: ...

    @property
    def is_slanted(self) -> bool: ...

    @property
    def letters(self) -> Letters: ...

    def lacking(self, text: str) -> str:
        """Letters that no font has, each once."""
        ...


class Shelf(Protocol):
    """The fonts of a workspace and those that ship."""

    def find(self, face: Face) -> Found | None:
        """None where no family of the face is there."""
        ...
