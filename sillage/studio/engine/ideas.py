"""Ideas on the board: a person's words, or what a rule found. They never look the same; only a person's becomes a brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls

LONGEST_IDEA = 500
MOST_REFS = 6


class Column(StrEnum):
    """Where an idea stands on the board, from left to right."""

    RAW = "raw"
    WORTH = "worth"
    CHOSEN = "chosen"


class Rule(StrEnum):
    """What found a machine's idea."""

    RISING_THEME = "rising_theme"
    RISING_HASHTAG = "rising_hashtag"
    QUESTION = "question"
    UNSAID = "unsaid"  # the audience says it, competitors do not
    ANGLE = "angle"  # the audience says it, the category does not


class IdeaMalformed(Malformed):
    """An idea has words, and not too many."""


@dataclass(frozen=True, slots=True)
class FoundIdea:
    """What a rule found: about what, with which figures, on which posts and comments it rests.

    `subject` is a theme's id, a hashtag, a term; empty for a question, which is the comment that `refs` names first.
    Nothing of what somebody wrote is copied: refs are read again whenever the idea is shown.
    """

    rule: Rule
    version: str
    subject: str
    figures: Mapping[str, Any]
    refs: tuple[str, ...]

    def kept(self) -> dict[str, Any]:
        return {
            "rule": self.rule.value,
            "version": self.version,
            "subject": self.subject,
            "figures": dict(self.figures),
            "refs": list(self.refs),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> FoundIdea:
        """From `kept`."""
        return cls(
            Rule(kept["rule"]), kept["version"], kept["subject"], dict(kept["figures"]), tuple(kept["refs"][:MOST_REFS])
        )


def words_of_idea(text: str) -> str:
    """A person's idea as it is kept: one line. Raises IdeaMalformed."""
    said = " ".join(without_controls(text).split())
    if not 0 < len(said) <= LONGEST_IDEA:
        raise IdeaMalformed(
            Sentence("An idea has from 1 to %(longest_idea)s characters.", longest_idea=LONGEST_IDEA),
            Sentence("Say it in a sentence or two."),
            place="text",
        )
    return said


def column_named(given: str) -> Column:
    """A column of the address, of a form or of the API."""
    try:
        return Column(given)
    except ValueError as error:
        raise IdeaMalformed(
            Sentence("“%(given)s” is no column of the board.", given=given[:40]),
            Sentence("Columns: %(column)s.", column=", ".join(Column)),
            place="column",
        ) from error
