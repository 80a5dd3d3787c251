"""The stages of an interview's words: transcribed, cleaned, edited, summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sillage.studio.engine.transcripts import Turn


class StageKind(StrEnum):
    """Where words stand. A transcript has what was heard; a summary has quotes, the others have turns."""

    TRANSCRIPT = "transcript"
    CLEANED = "cleaned"
    EDITED = "edited"
    SUMMARY = "summary"

    @property
    def has_turns(self) -> bool:
        return self is not StageKind.SUMMARY


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom a label of the file stands for, as a person said. `asks`: their words are not summed up."""

    label: str
    name: str = ""
    asks: bool = False

    @property
    def shown(self) -> str:
        return self.name or self.label


def speakers_of(turns: Sequence[Turn], names: Mapping[str, Mapping[str, object]]) -> tuple[Speaker, ...]:
    """Everybody who speaks, in the order in which they first do, with what a person said of them."""
    return tuple(
        Speaker(label, str(names.get(label, {}).get("name", "")), bool(names.get(label, {}).get("asks", False)))
        for label in dict.fromkeys(turn.speaker for turn in turns)
    )


def named_turns(turns: Sequence[Turn], names: Mapping[str, Mapping[str, object]]) -> tuple[Turn, ...]:
    """The turns under the names that a person gave."""
    shown = {speaker.label: speaker.shown for speaker in speakers_of(turns, names)}
    return tuple(replace(turn, speaker=shown[turn.speaker]) for turn in turns)


def edited_turns(turns: Sequence[Turn], texts: Mapping[int, str], speakers: Mapping[int, str]) -> tuple[Turn, ...]:
    """Turns with other words or speakers, by their place; one without words goes, and its time with it."""
    changed = (
        replace(
            turn, text=" ".join(texts.get(i, turn.text).split()), speaker=speakers.get(i, turn.speaker).strip()[:40]
        )
        for i, turn in enumerate(turns)
    )
    return tuple(turn for turn in changed if turn.text)
