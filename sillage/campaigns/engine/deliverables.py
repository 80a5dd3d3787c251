"""What a creator makes: what a person says of it, where it stands, when it is late, and the act that lets it be published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sillage.catalogue.engine.records import NETWORKS
from sillage.governance.engine.acts import Act
from sillage.governance.engine.law import FORMATS, Consideration
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence, Term
from sillage.lib.text import without_controls

FIELDS = (
    *("name", "network", "format", "brief", "draft_due_on", "publish_from", "publish_until", "say", "never_say"),
    *("code", "rights_where", "rights_until", "brand_mention", "consideration", "language", "facts", "needs_client"),
)
PUBLISH, CLIENT_REVIEW = "campaigns.publish", "campaigns.client_review"  # what approvals are asked for
DEPICTS = ("face", "silhouette", "model")
YES_OR_NO = (
    *("image.retouched", "image.synthetic", "ai.generated", "ai.deepfake", "ai.labelled", "ai.is_evidently_art"),
    *("ai.marked", "ai.c2pa_in", "ai.c2pa_out", "ai.public_interest_text", "publication.platform_flag"),
)
DATES, TEXTS = ("ai.system_on_market",), ("sector.registration", "publication.overlay", "ai.reviewer")
PLACES = ("start", "overlay_throughout", "overlay_part", "end", "behind_more", "bio")
MOST_SENTENCES, LONGEST_SENTENCE, LONGEST_BRIEF, MOST_TEXT = 30, 300, 10_000, 20_000
_WORDS = ("name", "code", "rights_where", "brand_mention", "language")
_DAYS = ("draft_due_on", "publish_from", "publish_until", "rights_until")
_MOST = {"name": 120, "code": 60, "rights_where": 200, "brand_mention": 100, "language": 3}


class DeliverableState(StrEnum):
    """Where a deliverable stands."""

    AWAITED = "awaited"  # no draft has come
    IN_REVIEW = "in_review"
    CHANGES = "changes"  # changes were asked for: the next version is awaited
    REFUSED = "refused"
    APPROVED = "approved"  # to be published
    LIVE = "live"  # its post was found and confirmed

    @property
    def takes_drafts(self) -> bool:
        return self in (DeliverableState.AWAITED, DeliverableState.IN_REVIEW, DeliverableState.CHANGES)


STATE_WORDS: Mapping[DeliverableState, Sentence] = {
    DeliverableState.AWAITED: Term("deliverable", "awaited"),
    DeliverableState.IN_REVIEW: Term("deliverable", "in review"),
    DeliverableState.CHANGES: Term("deliverable", "to be changed"),
    DeliverableState.REFUSED: Term("deliverable", "refused"),
    DeliverableState.APPROVED: Term("deliverable", "approved"),
    DeliverableState.LIVE: Term("deliverable", "live"),
}


class Word(StrEnum):
    """What a person says of a draft."""

    APPROVED = "approved"
    CHANGES = "changes"
    REFUSED = "refused"


class DeliverableMalformed(Malformed):
    """A field of the deliverable cannot be read; `place` names it."""

    title = "Malformed deliverable"


@dataclass(frozen=True, slots=True)
class DeliverableSaid:
    """A deliverable as a person wants it.

    `facts` are what is known of the medium for the law, by the names that law packs ask for: "image.retouched": True,
    "sector.category": "alcohol". What is not known is not there.
    """

    name: str
    network: str
    format: str
    brief: str
    draft_due_on: date | None
    publish_from: date | None
    publish_until: date | None
    say: tuple[str, ...]
    never_say: tuple[str, ...]
    code: str
    rights_where: str
    rights_until: date | None
    brand_mention: str
    consideration: str
    language: str
    facts: Mapping[str, Any]
    needs_client: bool


def deliverable_said(given: Mapping[str, Any], categories: Sequence[str] = ()) -> DeliverableSaid:
    """Read what was given. Raises DeliverableMalformed at the first field that cannot be read."""
    for field in given:
        if field not in FIELDS:
            raise _malformed(
                field,
                Sentence("A deliverable has no field “%(field)s”.", field=field),
                Sentence("Fields are %(fields)s.", fields=", ".join(sorted(FIELDS))),
            )
    words: dict[str, Any] = {field: _line(given, field) for field in _WORDS}
    days: dict[str, Any] = {field: _day(given, field) for field in _DAYS}
    _refuse_backwards(days)
    said_network = _one_of(given, "network", NETWORKS)
    said_format = _one_of(given, "format", FORMATS)
    return DeliverableSaid(
        **{**words, "name": words["name"] or f"{said_network} {said_format}"},
        **days,
        network=said_network,
        format=said_format,
        brief=_text(given),
        say=_sentences(given, "say"),
        never_say=_sentences(given, "never_say"),
        consideration=_one_of(given, "consideration", [c.value for c in Consideration], Consideration.UNKNOWN.value),
        facts=facts_said(given.get("facts") or {}, categories),
        needs_client=bool(given.get("needs_client")),
    )


def facts_said(given: Mapping[str, Any], categories: Sequence[str] = ()) -> dict[str, Any]:
    """Facts for the law, checked by name and kind; None and "" are not known and left out. Raises DeliverableMalformed."""
    if not isinstance(given, Mapping):
        raise _malformed(
            "facts",
            Sentence("facts is not a table of names and answers."),
            Sentence('Write facts = {"image.retouched": false}.'),
        )
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        if not _is_answer(name, value, categories):
            raise _malformed(
                f"facts.{name}",
                Sentence("“%(value)s” is no answer to %(name)s.", value=value, name=name),
                Sentence("See the API’s description."),
            )
        found[name] = without_controls(value) if isinstance(value, str) else value
    return found


def _is_answer(name: str, value: Any, categories: Sequence[str]) -> bool:
    if isinstance(value, bool):
        return name in YES_OR_NO or re.fullmatch(r"stated\.[a-z0-9_]{1,60}", name) is not None
    if isinstance(value, list):
        return name == "image.depicts" and all(one in DEPICTS for one in value)
    if not isinstance(value, str) or len(value) > LONGEST_SENTENCE:
        return False
    if name in DATES:
        return _is_day(value)
    if name == "sector.category":
        return value == "other" or value in categories
    return name in TEXTS or (name == "publication.disclosure_place" and value in PLACES)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value) is not None
    except ValueError:
        return False


def is_late(state: str, draft_due_on: date | None, publish_until: date | None, today: date) -> bool:
    """A draft that should have come, or a post that should be out."""
    if state in (DeliverableState.AWAITED, DeliverableState.CHANGES):
        return draft_due_on is not None and draft_due_on < today
    return state == DeliverableState.APPROVED and publish_until is not None and publish_until < today


def publish_act(deliverable_id: int, content: Mapping[str, Any], recipient: str) -> Act:
    """To let a draft be published. `content` names version, title, text and every file's hash: another word is another act."""
    return Act(PUBLISH, "deliverable", str(deliverable_id), dict(content), (recipient,))


def client_act(act: Act) -> Act:
    """The brand's client says yes to the same words and files: an approval of its own, given through a review link."""
    return Act(CLIENT_REVIEW, act.subject_kind, act.subject_id, act.content, act.recipients)


def _malformed(field: str, message: str, hint: str) -> DeliverableMalformed:
    return DeliverableMalformed(message, hint, place=field)


def _string(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _malformed(
            field, Sentence("%(field)s is not text.", field=field), Sentence('Write %(field)s = "…".', field=field)
        )
    return without_controls(value).strip()


def _line(given: Mapping[str, Any], field: str) -> str:
    value = " ".join(_string(given, field).split())
    if len(value) > _MOST[field]:
        raise _malformed(
            field,
            Sentence("%(field)s has %(value_count)s characters.", field=field, value_count=len(value)),
            Sentence("Keep it under %(most)s.", most=_MOST[field]),
        )
    return value


def _text(given: Mapping[str, Any]) -> str:
    text = _string(given, "brief")
    if len(text) > LONGEST_BRIEF:
        raise _malformed(
            "brief",
            Sentence("The brief has %(text_count)s characters.", text_count=len(text)),
            Sentence("Keep it under %(longest_brief)s.", longest_brief=LONGEST_BRIEF),
        )
    return text


def _one_of(given: Mapping[str, Any], field: str, known: Sequence[str], missing: str | None = None) -> str:
    value = _string(given, field) or missing
    if value is None or value not in known:
        raise _malformed(
            field,
            Sentence("“%(value)s” is no %(field)s.", value=value or "-", field=field),
            Sentence("There are %(known)s.", known=", ".join(known)),
        )
    return value


def _sentences(given: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = given.get(field) or ()
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(word, str) for word in value):
        raise _malformed(
            field,
            Sentence("%(field)s is not a list of sentences.", field=field),
            Sentence('Write %(field)s = ["…", "…"].', field=field),
        )
    said = tuple(dict.fromkeys(filter(None, (" ".join(without_controls(word).split()) for word in value))))
    if len(said) > MOST_SENTENCES or any(len(word) > LONGEST_SENTENCE for word in said):
        raise _malformed(
            field,
            Sentence("%(field)s is too long.", field=field),
            Sentence(
                "Up to %(most_sentences)s, each of up to %(longest_sentence)s characters.",
                most_sentences=MOST_SENTENCES,
                longest_sentence=LONGEST_SENTENCE,
            ),
        )
    return said


def _day(given: Mapping[str, Any], field: str) -> date | None:
    value = given.get(field)
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _malformed(
            field,
            Sentence("%(field)s is “%(value)s”, not a day.", field=field, value=value),
            Sentence("Write it as 2026-09-01."),
        ) from error


def _refuse_backwards(days: Mapping[str, date | None]) -> None:
    first, last, draft = days["publish_from"], days["publish_until"], days["draft_due_on"]
    if first and last and last < first:
        raise _malformed(
            "publish_until",
            Sentence("It may be published until a day before it may be."),
            Sentence("Swap the two days."),
        )
    if draft and last and draft > last:
        raise _malformed(
            "draft_due_on",
            Sentence("The draft is due after the last day of publication."),
            Sentence("Give an earlier day."),
        )
