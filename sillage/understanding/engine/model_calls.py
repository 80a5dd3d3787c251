"""What a call to a language model may need, as whoever counts calls is told before the model is asked."""

from __future__ import annotations

from dataclasses import dataclass

CHARACTERS_PER_TOKEN = 2.0  # fewer than any usual tokeniser needs in French or English: counts are bounded from above


def tokens_at_most(characters: int) -> int:
    """No fewer tokens than so many characters have in French or English."""
    return int(characters / CHARACTERS_PER_TOKEN) + 1


@dataclass(frozen=True, slots=True)
class CallWanted:
    """A call before it is made: its instructions and material have `characters_in`, its answer may have `most_tokens`.

    `left_out` pieces of material are not sent.
    """

    purpose: str
    prompt: str
    characters_in: int
    most_tokens: int
    left_out: int = 0

    @property
    def tokens_in(self) -> int:
        """No fewer tokens than the request has."""
        return tokens_at_most(self.characters_in)
