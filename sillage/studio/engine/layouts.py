"""Which slots each kind of text has, in reading order, and which of them it cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sillage.studio.engine.brief import Kind, WritingBrief
from sillage.studio.engine.fragments import SLOTS
from sillage.studio.engine.occasion import Occasion

PARAGRAPH, LINE, ON = "\n\n", "\n", " "
MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of a text. `before` stands between it and what precedes; one that is not `needed` may stay empty."""

    slot: str
    needed: bool = True
    before: str = PARAGRAPH


_PUBLISHED = tuple(Place(slot, before=ON) for slot in SLOTS)
_SAYS_MACHINE = Place(MACHINE)
_GREETING, _CLOSING = Place("greeting"), (Place("closing"), Place("signature", before=LINE))

_LAYOUTS: Mapping[Kind, tuple[Place, ...]] = {
    Kind.AD: _PUBLISHED,
    Kind.CAPTION: _PUBLISHED,
    Kind.MESSAGE: (_GREETING, *(Place(s, before=PARAGRAPH if s in ("hook", "call") else ON) for s in SLOTS), *_CLOSING),
    Kind.INVITATION: (
        _GREETING,
        Place("who"),
        Place("why"),
        Place("idea"),
        Place("detail", needed=False, before=ON),
        Place("offer"),
        Place("duty", before=ON),
        Place("next"),
        Place("optout", before=ON),
        *_CLOSING,
    ),
    Kind.CREATOR_BRIEF: (
        _GREETING,
        Place("idea"),
        Place("fact"),
        Place("detail", needed=False, before=ON),
        Place("freedom"),
        Place("words", needed=False, before=ON),
        Place("avoid", needed=False, before=ON),
        Place("duty"),
        Place("next"),
        *_CLOSING,
    ),
    Kind.REPLY: (
        _GREETING,
        Place("heard"),
        Place("answer", before=ON),
        Place("detail", needed=False, before=ON),
        Place("next"),
        *_CLOSING,
    ),
    Kind.REMINDER: (
        _GREETING,
        Place("recall"),
        Place("ask", before=ON),
        Place("detail", needed=False),
        Place("help"),
        *_CLOSING,
    ),
    Kind.THANKS: (
        _GREETING,
        Place("thanks"),
        Place("liked", before=ON),
        Place("detail", needed=False),
        Place("after"),
        *_CLOSING,
    ),
}
PUBLISHED = frozenset({Kind.AD, Kind.CAPTION})


def layout_of(brief: WritingBrief, occasion: Occasion) -> tuple[Place, ...]:
    """The text's places. What nobody reads before it goes begins, at first contact, by saying that a machine writes.

    Regulation (EU) 2024/1689, article 50(1) and (5): at the latest at the first interaction, and clearly. That place is
    needed: a text that cannot hold it is not made.
    """
    places = _LAYOUTS[brief.kind]
    if brief.automatic and brief.kind not in PUBLISHED and not occasion.is_known:
        return (_SAYS_MACHINE, *places)
    return places
