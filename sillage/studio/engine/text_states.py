"""Where a text stands on its way, and the lawful moves: the one place that says so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sillage.lib.sentences import Sentence, Term


class TextState(StrEnum):
    """A text whose words change after it was chosen, approved or handed over is being written again."""

    WRITING = "writing"
    CHOSEN = "chosen"
    APPROVED = "approved"
    REFUSED = "refused"
    HANDED_OVER = "handed_over"


STATE_WORDS: Mapping[TextState, Sentence] = {
    TextState.WRITING: Term("state of a text", "being written"),
    TextState.CHOSEN: Term("state of a text", "chosen"),
    TextState.APPROVED: Term("state of a text", "approved"),
    TextState.REFUSED: Term("state of a text", "refused"),
    TextState.HANDED_OVER: Term("state of a text", "handed over"),
}
MOVES: dict[TextState, frozenset[TextState]] = {
    TextState.WRITING: frozenset({TextState.CHOSEN, TextState.REFUSED}),
    TextState.CHOSEN: frozenset({TextState.WRITING, TextState.APPROVED, TextState.REFUSED, TextState.HANDED_OVER}),
    TextState.APPROVED: frozenset({TextState.WRITING, TextState.REFUSED, TextState.HANDED_OVER}),
    TextState.REFUSED: frozenset({TextState.WRITING}),
    TextState.HANDED_OVER: frozenset({TextState.WRITING}),
}


def may_become(state: str, to: TextState) -> bool:
    """Whether the move is lawful."""
    return to in MOVES[TextState(state)]
