"""The campaign's own rules, held against a draft or a post: what must be said, and what must never be. Rules, not the law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sillage.governance.engine.law import Verdict
from sillage.lib.text import folded

PASS, WARN, BLOCK = Verdict.PASS.value, Verdict.WARN.value, Verdict.BLOCK.value


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a campaign and a deliverable ask of the words. Tags and handles are without their signs."""

    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()  # one of them is enough
    brand: str = ""
    say: tuple[str, ...] = ()
    never_say: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What one rule says. `kind`: hashtag, mention, code, brand, say, never_say. `places`: where in the text it was seen."""

    kind: str
    wanted: str
    verdict: str
    places: tuple[tuple[int, int], ...] = ()

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


def kept_rule(kept: Mapping[str, Any]) -> RuleFinding:
    return RuleFinding(kept["kind"], kept["wanted"], kept["verdict"], tuple((a, b) for a, b in kept["places"]))


def hold_against(text: str, wanted: Wanted) -> list[RuleFinding]:
    """A finding per rule, the worst first. Missing words ask for a person; words that were never to be said block."""
    searched = Searched(text)
    found = [
        *(_present("hashtag", f"#{tag}", searched) for tag in wanted.hashtags),
        *(_present("mention", f"@{name}", searched) for name in wanted.mentions),
        *_codes(wanted.codes, searched),
        *([_present("brand", wanted.brand, searched)] if wanted.brand else []),
        *(_present("say", sentence, searched) for sentence in wanted.say),
        *_never(wanted.never_say, searched),
    ]
    return sorted(found, key=lambda f: (BLOCK, WARN, PASS).index(f.verdict))


def _present(kind: str, words: str, searched: Searched) -> RuleFinding:
    places = searched.places(words)
    return RuleFinding(kind, words, PASS if places else WARN, places)


def _codes(codes: Sequence[str], searched: Searched) -> list[RuleFinding]:
    if not codes:
        return []
    seen = [(code, searched.places(code)) for code in codes]
    there = [(code, places) for code, places in seen if places]
    if not there:
        return [RuleFinding("code", " / ".join(codes), WARN)]
    return [RuleFinding("code", code, PASS, places) for code, places in there]


def _never(sentences: Sequence[str], searched: Searched) -> list[RuleFinding]:
    seen = [(words, searched.places(words)) for words in sentences]
    return [RuleFinding("never_say", words, BLOCK if places else PASS, places) for words, places in seen]


class Searched:
    """A text in which words are found whatever their case, accents and spaces, at the places they have in it."""

    def __init__(self, text: str) -> None:
        self._at: list[int] = []
        letters: list[str] = []
        for place, letter in enumerate(text):
            for plain in folded(letter):
                if not (plain.isspace() and letters and letters[-1] == " "):
                    letters.append(" " if plain.isspace() else plain)
                    self._at.append(place)
        self._plain = "".join(letters)

    def places(self, words: str) -> tuple[tuple[int, int], ...]:
        """[start, end) of each place where the words stand by themselves."""
        sought, found, at = " ".join(folded(words).split()), [], 0
        while sought and (at := self._plain.find(sought, at)) >= 0:
            ends = at + len(sought)
            if self._stands_alone(at, ends):
                found.append((self._at[at], self._at[ends - 1] + 1))
            at = ends
        return tuple(found)

    def _stands_alone(self, begins: int, ends: int) -> bool:
        before = self._plain[begins - 1] if begins and self._plain[begins].isalnum() else " "
        after = self._plain[ends] if ends < len(self._plain) and self._plain[ends - 1].isalnum() else " "
        return not (before.isalnum() or after.isalnum())
