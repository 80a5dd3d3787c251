"""The composer: the writer that needs no model. It puts human-written fragments together and is never called AI.

A small constraint search (depth first with bounds) picks one fragment per place of the layout such that: every hole is
filled by the brief or the occasion; no two fragments go about it in the same way (family) or begin alike; facts are told
once, in the order of the brief; the words that must stand in it do, those never to say do not; the length fits; the law
lets it pass. Among what fits, fragments that recent texts used come last, the longest unused first; the rest is a seeded
order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Listed, Sentence, either, together
from sillage.studio.engine.brief import KIND_WORDS, TONE_WORDS, Fact, WritingBrief, holds
from sillage.studio.engine.fragments import (
    VERSION,
    Fragment,
    Option,
    holes_of,
    library,
    options_of,
    shared_library,
    sounds_right,
)
from sillage.studio.engine.layouts import ON, PUBLISHED, Place, layout_of
from sillage.studio.engine.occasion import Occasion
from sillage.studio.engine.origins import MadeBy, Origin

MOST = 10  # texts at once
LATELY = 12  # texts back that fragments are not to come from again
MOST_STEPS = 40_000
_NOTHING = Occasion()
_HOLES: Mapping[str, Sentence] = {  # what the brief, or whoever composes, has to give
    "recipient": Sentence("the reader’s name"),
    "sender": Sentence("who signs"),
    "brand": Sentence("the brand"),
    "product": Sentence("the product"),
    "post": Sentence("words of a post of theirs to cite"),
    "post_on": Sentence("the day of that post"),
    "offer": Sentence("what they get"),
    "offer_inside": Sentence("what they get"),
    "work": Sentence("what it is about (work)"),
    "day": Sentence("by when (day)"),
    "asked": Sentence("what they asked"),
    "link": Sentence("a link"),
    "code": Sentence("a code"),
    "label": Sentence("the label that the law asks for"),
    "audience": Sentence("the audience"),
    "aim": Sentence("the aim"),
    "must": Sentence("words that have to stand in it"),
    "never": Sentence("words never to say"),
    "hashtags": Sentence("hashtags"),
    "source": Sentence("the source of a fact"),
}
_UNFIT = Sentence("no fragment for it fits the brief")


class SlotUnfillable(Refusal):
    """A part of the text that it needs has no fragment that fits: the brief or the occasion lacks something."""

    status = 422


class TextUnfillable(Refusal):
    """Every part has fragments, and no choice of them fits together."""

    status = 422


@dataclass(frozen=True, slots=True)
class Composed:
    """A text and the parts that it is made of (“slot/id”). `repeated` are those that a recent text used too."""

    text: str
    parts: tuple[str, ...]
    facts: tuple[int, ...]
    repeated: tuple[str, ...]


Stopping = Callable[[str], str]


def made_by(brief: WritingBrief, composed: Composed) -> MadeBy:
    """The mark of a composed text: assembled from templates."""
    return MadeBy(Origin.TEMPLATE, f"{brief.language}_{brief.kind.value}", VERSION, parts=composed.parts)


def compose(
    brief: WritingBrief,
    occasion: Occasion = _NOTHING,
    wanted: int = 1,
    *,
    seed: int = 7,
    recent: Sequence[Sequence[str]] = (),
    stopping: Stopping = lambda text: "",
) -> tuple[Composed, ...]:
    """`wanted` texts, none of them twice; fewer where the fragments give no more.

    `recent` are the parts of texts composed before, the newest first. `stopping` names the rule that stops a text
    (engine/lawful.py). Raises SlotUnfillable and TextUnfillable where there is not one.
    """
    places = layout_of(brief, occasion)
    fragments = (*library(brief.language, brief.kind), *shared_library(brief.language))
    tried = [_tried(brief, occasion, place, fragments, stopping) for place in places]
    _refuse_empty(brief, places, tried)
    before = [frozenset(parts) for parts in recent][:LATELY]
    made: list[Composed] = []
    for at in range(wanted):
        order = np.random.default_rng([seed, at, len(recent)])
        ordered = [_in_order(each.options, before, order) for each in tried]
        search = _Search(brief, places, ordered, before, stopping)
        found = search.first()
        if found is None:
            break
        made.append(found)
        before = [frozenset(found.parts), *before][:LATELY]
    if not made:
        raise _why_not(brief, places, tried)
    return tuple(made)


# -- what may stand where --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tried:
    """What may stand in a place; where nothing may, `lacks` says why."""

    options: tuple[Option, ...]
    lacks: str = ""


def _tried(
    brief: WritingBrief, occasion: Occasion, place: Place, fragments: Sequence[Fragment], stopping: Stopping
) -> _Tried:
    own = [fragment for fragment in fragments if fragment.slot == place.slot]
    filled = options_of(brief, place.slot, own, occasion.holes())
    if not filled:
        return _Tried((), _lacks(brief, occasion, own))
    said = [option for option in filled if not any(holds(option.text, word) for word in brief.never)]
    if not said:
        return _Tried((), Sentence("every fragment for it says a word that is never to be said"))
    if brief.kind in PUBLISHED:
        before, behind = frame_of(brief)
        said = [option for option in said if not stopping(before + option.text + behind)]
        if not said:
            return _Tried((), Sentence("a law pack stops every fragment for it"))
    return _Tried(tuple(said))


def _lacks(brief: WritingBrief, occasion: Occasion, own: Sequence[Fragment]) -> str:
    if not own:
        return Sentence("the library has no fragment for it in “%(language)s”", language=brief.language)
    right = [fragment for fragment in own if sounds_right(fragment, brief)]
    if not right:
        return (
            Sentence("no fragment for it has the tone “%(tone)s”", tone=TONE_WORDS[brief.tone])
            if brief.tone
            else _UNFIT
        )
    there = {**holes_of(brief), **occasion.holes(), **dict.fromkeys(("fact", "fact_inside"), "")}
    if any(fact.source for fact in brief.facts):
        there["source"] = ""
    missing = [fragment.needs - there.keys() for fragment in right if fragment.forbids.isdisjoint(there)]
    needed = sorted({frozenset(each) for each in missing if each}, key=lambda each: (len(each), sorted(each)))
    ways = [together(dict.fromkeys(_HOLES.get(hole, hole) for hole in sorted(each))) for each in needed[:3]]
    return Sentence("it needs %(ways)s", ways=either(dict.fromkeys(ways))) if ways else _UNFIT


def _refuse_empty(brief: WritingBrief, places: Sequence[Place], tried: Sequence[_Tried]) -> None:
    empty = [
        (place, each.lacks) for place, each in zip(places, tried, strict=True) if place.needed and not each.options
    ]
    if empty:
        said = Listed(Sentence("“%(slot)s”: %(lacks)s", slot=place.slot, lacks=lacks) for place, lacks in empty)
        raise SlotUnfillable(
            Sentence(
                "The %(brief_kind)s cannot be put together. %(said)s.",
                brief_kind=KIND_WORDS[brief.kind],
                said=said,
            ),
            Sentence("Give what is missing in the brief, or to whom composes."),
        )


def frame_of(brief: WritingBrief) -> tuple[str, str]:
    """What stands before and behind a text that is published: the label first, where the law wants it; hashtags last."""
    if brief.kind not in PUBLISHED:
        return "", ""
    tags = holes_of(brief).get("hashtags", "")
    return (f"{brief.label} · " if brief.label else ""), (f" {tags}" if tags else "")


def _in_order(options: Sequence[Option], before: Sequence[frozenset[str]], order: np.random.Generator) -> list[Option]:
    """What recent texts did not use, shuffled; then what they used, the longest unused first."""
    shuffled = [options[int(i)] for i in order.permutation(len(options))]
    return sorted(shuffled, key=lambda option: -_texts_ago(option.fragment.name, before))


def _texts_ago(name: str, before: Sequence[frozenset[str]]) -> int:
    return next((ago for ago, parts in enumerate(before) if name in parts), LATELY)


# -- the search ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    """The first text that fits, found depth first; `steps` bounds the work whatever the brief."""

    brief: WritingBrief
    places: Sequence[Place]
    options: Sequence[Sequence[Option]]
    before: Sequence[frozenset[str]]
    stopping: Stopping
    steps: int = 0
    _least: list[int] = field(default_factory=list)
    _most: list[int] = field(default_factory=list)

    def first(self) -> Composed | None:
        around = sum(map(len, frame_of(self.brief)))
        shortest = [
            (len(p.before) + min((len(o.text) for o in own), default=0)) if p.needed else 0 for p, own in self._pairs()
        ]
        longest = [len(p.before) + max((len(o.text) for o in own), default=0) for p, own in self._pairs()]
        self._least = [sum(shortest[at:]) for at in range(len(shortest) + 1)]
        self._most = [sum(longest[at:]) for at in range(len(longest) + 1)]
        return next(self._fits([], around), None)

    def _pairs(self) -> Iterator[tuple[Place, Sequence[Option]]]:
        return zip(self.places, self.options, strict=True)

    def _fits(self, chosen: list[Option | None], length: int) -> Iterator[Composed]:
        at = len(chosen)
        if at == len(self.places):
            found = self._composed(chosen)
            if found is not None:
                yield found
            return
        place = self.places[at]
        for option in (*self.options[at], *(() if place.needed else (None,))):
            self.steps += 1
            if self.steps > MOST_STEPS:
                return
            longer = length + (len(place.before) + len(option.text) if option is not None else 0)
            if not self._may_follow(option, chosen) or not self._can_end(chosen, option, longer, at + 1):
                continue
            yield from self._fits([*chosen, option], longer)

    def _can_end(self, chosen: Sequence[Option | None], option: Option | None, length: int, at: int) -> bool:
        """Whether a text of the right length, with the words that must stand in it, can still come of it."""
        slack = len(self.places[0].before)  # nothing stands before the first part
        if length + self._least[at] - slack > self.brief.longest or length + self._most[at] < self.brief.shortest:
            return False
        here = [o.text for o in (*chosen, option) if o is not None] + list(frame_of(self.brief))
        return all(
            any(holds(text, word) for text in here)
            or any(holds(o.text, word) for own in self.options[at:] for o in own)
            for word in self.brief.must
        )

    @staticmethod
    def _may_follow(option: Option | None, chosen: Sequence[Option | None]) -> bool:
        """No family twice, not the same beginning, and facts in the order in which they were given."""
        if option is None:
            return True
        for other in chosen:
            if other is None:
                continue
            if other.fragment.family == option.fragment.family or _begins(other.text) == _begins(option.text):
                return False
            if option.fact is not None and other.fact is not None and option.fact <= other.fact:
                return False
        return True

    def _composed(self, chosen: Sequence[Option | None]) -> Composed | None:
        text, parts, facts = "", [], []
        for place, option in zip(self.places, chosen, strict=True):
            if option is None:
                continue
            text += (place.before if text else "") + option.text
            parts.append(option.fragment.name)
            facts += [option.fact] if option.fact is not None else []
        before, behind = frame_of(self.brief)
        text = before + text + behind
        is_right = self.brief.shortest <= len(text) <= self.brief.longest and frozenset(parts) not in self.before
        if not is_right or (self.brief.kind in PUBLISHED and self.stopping(text)):
            return None
        used = frozenset[str]().union(*self.before)
        return Composed(text, tuple(parts), tuple(facts), tuple(part for part in parts if part in used))


def _begins(text: str) -> str:
    return ON.join(text.split()[:2]).casefold()


def _why_not(brief: WritingBrief, places: Sequence[Place], tried: Sequence[_Tried]) -> TextUnfillable:
    """The words that no fragment says, the length that cannot be, or that the rest does not go together."""
    texts = [option.text for each in tried for option in each.options] + list(frame_of(brief))
    for word in brief.must:
        if not any(holds(text, word) for text in texts):
            return TextUnfillable(
                Sentence("No part of the text can say “%(word)s”.", word=word),
                Sentence("Put the word into the idea or a fact, or take it off the list."),
            )
    pairs = [(p, each.options) for p, each in zip(places, tried, strict=True) if each.options]
    least = sum(len(p.before) + min(len(o.text) for o in own) for p, own in pairs if p.needed)
    most = sum(len(p.before) + max(len(o.text) for o in own) for p, own in pairs)
    around = sum(map(len, frame_of(brief))) - len(places[0].before)
    if least + around > brief.longest:
        return TextUnfillable(
            Sentence(
                "The shortest text has %(least)s characters, and it may have %(longest)s.",
                least=least + around,
                longest=brief.longest,
            ),
            Sentence("Allow a longer text, or say idea, facts and offer shorter."),
        )
    if most + around < brief.shortest:
        return TextUnfillable(
            Sentence(
                "The longest text has %(most)s characters, and it should have %(shortest)s.",
                most=most + around,
                shortest=brief.shortest,
            ),
            Sentence("Ask for less."),
        )
    return _too_few_facts(brief, sum(all(o.fact is not None for o in own) for p, own in pairs if p.needed))


def _too_few_facts(brief: WritingBrief, needed: int) -> TextUnfillable:
    """What is left to say when words and lengths were not the reason."""
    told = len([fact for fact in brief.facts if fact != Fact("")])
    if needed > told:
        return TextUnfillable(
            Sentence("It tells %(needed)s facts, and the brief has %(told)s.", needed=needed, told=told),
            Sentence("Give another fact."),
        )
    return TextUnfillable(
        Sentence("No choice of fragments fits together."),
        Sentence("Allow a longer text, another tone, or give another fact."),
    )
