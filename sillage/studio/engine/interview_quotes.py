"""Where a quote of an interview comes from, in words: the interview, the role of whoever spoke, when. Never a name."""

from __future__ import annotations

from collections.abc import Mapping

from sillage.studio.engine.interview_summary import Quote
from sillage.studio.engine.transcripts import clock_of

_WORDS: Mapping[str, tuple[str, str, str, str]] = {  # interview, who answers, who asks, a turn without a time
    "fr": ("Entretien {number}, « {title} »", "personne interrogée", "personne qui interroge", "tour {turn}"),
    "en": ("Interview {number}, “{title}”", "the person interviewed", "the interviewer", "turn {turn}"),
}


def source_told(number: int, title: str, quote: Quote, asks: bool, language: str) -> str:
    """“Interview 12, “A living balcony”, the person interviewed, 0:15”: unlike that of any other interview."""
    interview, answering, asking, turn = _WORDS[language]
    named = interview.format(number=number, title=title)
    at = turn.format(turn=quote.turn + 1) if quote.starts is None else clock_of(quote.starts)
    return f"{named}, {asking if asks else answering}, {at}"
