"""An interview in a few sentences of the interview itself, each with its turn and its time. Nothing is reworded.

The sentences are picked as `understanding/engine/summary.py` does; of an interview that is too short for that, the longest
ones. Those of whoever asks the questions are left out, and what may touch on health, belief and such is set aside for a
person (engine/interview_flags.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.engine.interview_flags import Sensitive, sensitive_in
from sillage.studio.engine.transcripts import Turn
from sillage.understanding.engine.summary import VERSION as PICKED_BY
from sillage.understanding.engine.summary import sentences_of, summarise

VERSION = f"interview-summary/1 ({PICKED_BY})"
MOST_QUOTES = 8
MOST_OF_SHORT = 3  # sentences, where too few share a term to say which stand for the others
SHORTEST, LONGEST = 6, 60  # words of such a sentence


class NotSaid(Refusal):
    """A quote has words that nobody said in the interview."""

    status = 422


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the turn at `turn`, word for word. `starts`: seconds into the interview at which the turn begins, or None.

    `flag` is what a person should look at before it is used; empty where nothing was seen.
    """

    turn: int
    speaker: str
    text: str
    starts: float | None = None
    flag: str = ""

    def kept(self) -> dict[str, Any]:
        return {
            "turn": self.turn,
            "speaker": self.speaker,
            "text": self.text,
            "starts": self.starts,
            "flag": self.flag,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Quote:
        """From `kept`."""
        return cls(kept["turn"], kept["speaker"], kept["text"], kept["starts"], kept.get("flag", ""))


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    """The quotes in the order in which they were said; `aside` are those that a person should judge, not picked."""

    quotes: tuple[Quote, ...]
    aside: tuple[Quote, ...]


def summary_of(turns: Sequence[Turn], asking: Sequence[str] = (), most: int = MOST_QUOTES) -> InterviewSummary:
    """The sentences that say most of the interview. `asking` names those who ask; their words are not quoted."""
    texts: list[tuple[str, str]] = []
    aside: list[Quote] = []
    for place, turn in enumerate(turns):
        if turn.speaker and turn.speaker in asking:
            continue
        plain = []
        for sentence in sentences_of(turn.text):
            seen = sensitive_in(sentence)
            if seen is None:
                plain.append(sentence)
            else:
                aside.append(_quote(turns, place, sentence, seen))
        if plain:
            texts.append((f"{place:06}", "\n".join(plain)))
    picked = [(int(one.ref), one.text) for one in summarise(texts, most).sentences] or _longest(texts)[:most]
    quotes = [_quote(turns, place, sentence) for place, sentence in picked]
    return InterviewSummary(tuple(sorted(quotes, key=lambda quote: quote.turn)), tuple(aside))


def _longest(texts: Sequence[tuple[str, str]]) -> list[tuple[int, str]]:
    found = [(int(ref), sentence) for ref, text in texts for sentence in text.split("\n")]
    fitting = [one for one in found if SHORTEST <= len(one[1].split()) <= LONGEST and not one[1].endswith("?")]
    return sorted(fitting, key=lambda one: (-len(one[1]), one[0]))[:MOST_OF_SHORT]


def quote_of(turns: Sequence[Turn], place: int, text: str) -> Quote:
    """A quote that a person chose: its words must stand in the turn as they are. Raises NotSaid."""
    said = " ".join(text.split())
    if not 0 <= place < len(turns) or not said or said not in " ".join(turns[place].text.split()):
        raise NotSaid(
            Sentence("Nobody says “%(said)s” in turn %(place)s.", said=said[:60], place=place + 1),
            Sentence("Copy the words exactly, or correct the transcript first."),
        )
    return _quote(turns, place, said, sensitive_in(said))


def _quote(turns: Sequence[Turn], place: int, text: str, seen: Sensitive | None = None) -> Quote:
    turn = turns[place]
    return Quote(place, turn.speaker, text, turn.starts, seen.category if seen else "")
