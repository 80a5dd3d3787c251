"""Reading what people decided about texts: the pairs that a voice learns from, and where an approval stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sillage.governance import queries as governance
from sillage.governance.engine.acts import Act, Standing
from sillage.governance.engine.law import LawFinding
from sillage.governance.models import ApprovalRequest
from sillage.governance.queries.approval_inbox import Awaited
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.text_states import TextState
from sillage.studio.models import Choice, HumanCheck, Text, TextVersion
from sillage.studio.queries.texts import lineage_of

RELEASE = "studio.release"


@dataclass(frozen=True, slots=True)
class Pair:
    """A machine's proposal and what a person made of it; `final` is empty and `reason` given where it was refused."""

    choice_id: int
    proposed: str
    final: str
    is_chosen: bool
    reason: str
    made_by: MadeBy
    decided_at: datetime


def pairs_of_voice(voice_id: int) -> list[Pair]:
    """The training pairs of a voice, the oldest first. What people wrote from an empty page has no proposal and is no pair."""
    rows = Choice.objects.filter(voice_id=voice_id).exclude(proposed="").order_by("decided_at", "pk")
    return [
        Pair(row.pk, row.proposed, row.final, row.word == "chosen", row.reason, MadeBy.of(row.made_by), row.decided_at)
        for row in rows
    ]


def choices_of(text: Text) -> list[Choice]:
    """What was decided about a text, the last first."""
    return list(text.choices.select_related("member__person").order_by("-decided_at", "-pk"))


def open_checks(version: TextVersion) -> list[HumanCheck]:
    """What a person was asked to judge of these words and has not found fine; what was asked of words that are gone is over."""
    asked = HumanCheck.objects.filter(text=version.text, number__lte=version.number).exclude(answer="fine")
    rows = asked.select_related("asked_of__person").order_by("asked_at", "pk")
    return [one for one in rows if (one.words in version.body if one.words else one.number == version.number)]


def origins_of(version: TextVersion) -> list[MadeBy]:
    """Who had a hand in these words: each once, the first first."""
    found: dict[tuple[str, str, str], MadeBy] = {}
    for one in reversed(lineage_of(version)):
        made_by = MadeBy.of(one.made_by)
        found.setdefault((made_by.origin.value, made_by.name, made_by.version), made_by)
    return list(found.values())


def has_model(version: TextVersion) -> bool:
    """Whether a language model wrote any of the versions that these words go back to."""
    return any(made_by.origin is Origin.MODEL for made_by in origins_of(version))


def release_act_of(version: TextVersion, findings: Iterable[LawFinding]) -> Act:
    """What an approval is bound to: the words, who made them, and what the law packs said that a person has to weigh."""
    text = version.text
    content = {
        "title": text.title,
        "kind": text.kind,
        "language": text.language,
        "text": version.body,
        "digest": bytes(version.digest).hex(),
        "made_by": [f"{one.origin.value} {one.name} {one.version}".strip() for one in origins_of(version)],
        "law": sorted({f"{f.verdict.value}: {f.rule}" for f in findings if f.verdict.needs_person}),
    }
    return Act(RELEASE, "text", str(text.pk), content, (text.campaign.name,) if text.campaign else ())


def requests_of(text: Text, now: datetime) -> list[Awaited]:
    """What was asked about a text, the newest first, with where each stands."""
    rows = governance.list_requests_of(text.workspace_id, "text", text.pk)
    return [Awaited(row, governance.standing(row, now)) for row in rows if row.verb == RELEASE]


def standings_of(workspace_id: int, texts: Iterable[Text], now: datetime) -> dict[int, Standing]:
    """Where the newest request about each text's newest words stands; texts that nobody asked about are not in it.

    Words that changed since are others: a text that is being written has no approval that holds.
    """
    wanted = {str(text.pk): text for text in texts if text.state != TextState.WRITING.value}
    rows = ApprovalRequest.objects.filter(
        workspace_id=workspace_id, verb=RELEASE, subject_kind="text", subject_id__in=list(wanted)
    )
    found: dict[int, Standing] = {}
    for row in rows.prefetch_related("approvals").order_by("pk"):
        text = wanted[row.subject_id]
        if row.content.get("text") == text.body:
            found[text.pk] = governance.standing(row, now)
    return found
