"""The API of learning: corrections, tags, heads and taxonomies."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from ninja import Field, Router, Schema

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Limit, Rows, rows
from sillage.lib.errors import NotFound
from sillage.understanding.actions.corrections import correct, withdraw_correction
from sillage.understanding.actions.learning import learn, promote, refuse_head, roll_back, shadow
from sillage.understanding.actions.tags import archive_tag, create_tag
from sillage.understanding.engine.corrections import allowed_of, correctable
from sillage.understanding.engine.labelled_file import LabelledText, labels_given
from sillage.understanding.models import Correction, Head, Tag
from sillage.understanding.queries.corrections import agreement as agreement_about
from sillage.understanding.queries.corrections import corrections_of
from sillage.understanding.queries.learning import get_head, list_heads
from sillage.understanding.queries.tags import TagLine, tag_line
from sillage.understanding.queries.tags import list_tags as tags_of
from sillage.understanding.queries.taxonomy import list_imported, places_of_themes


class NotLabelled(NotFound):
    """People say nothing in place of this enricher."""


router = Router(tags=["understanding"])

MOST_LINES = 5_000  # labelled texts that one call may bring


class CorrectionGiven(Given):
    """`value` has the enricher's shape without confidences: {"tone": "negative"}, {"holds": true}."""

    enricher: str
    account_id: BigId
    subject_kind: Literal["post", "comment", "account"]
    subject_id: BigId
    value: dict[str, Any]
    note: str = ""


class CorrectionShape(Schema):
    """What a member said, and what the machine had said; null when it had said nothing."""

    id: int
    enricher: str
    subject_kind: str
    value: dict[str, Any]
    machine_value: dict[str, Any] | None
    machine_version: str
    note: str
    member: str | None
    made_at: datetime


class AgreementShape(Schema):
    """Of `n` things that two people or more labelled, `same` alike; Krippendorff's alpha, null where nothing is told."""

    n: int
    people: int
    same: int
    alpha: float | None


class TagGiven(Given):
    name: str
    description: str = ""
    key: str = ""


class TagShape(Schema):
    """A tag with its examples for and against, and the version of the head that reads; "" for none."""

    key: str
    name: str
    description: str
    positive: int
    negative: int
    version: str


class LineGiven(Given):
    """A labelled text. Of a tag or another yes-or-no enricher, no label says no."""

    text: str
    labels: list[str]
    language: str | None = None


class LearnGiven(Given):
    """Lines that are learnt from beside the corrections; one in five is held back for measuring."""

    lines: list[LineGiven] = Field(default=[], max_length=MOST_LINES)
    source: str = ""


class HeadShape(Schema):
    """A learnt head: its state (shadow, current, retired, refused) and what it was measured to do."""

    id: int
    enricher: str
    version: str
    state: str
    examples: int
    figures: dict[str, Any]
    differences: list[dict[str, Any]]
    trained_at: datetime
    decided_at: datetime | None


class DecisionGiven(Given):
    """Promoting what measures worse needs a reason."""

    reason: str = ""


class RolledBackShape(Schema):
    """The version that reads again; "" is what ships."""

    version: str


class ThemePlaceShape(Schema):
    """A theme's category in the imported Content Taxonomy; the path is empty when that is not imported."""

    theme: str
    code: str
    path: list[str]


class TaxonomyShape(Schema):
    taxonomy: str
    version: str
    categories: int


def _correction(row: Correction) -> dict[str, Any]:
    names = ("pk", "enricher", "subject_kind", "value", "machine_value", "machine_version", "note", "made_at")
    plain = {name: getattr(row, name) for name in names}
    return {**plain, "id": plain.pop("pk"), "member": str(row.member.person) if row.member else None}


def _tag(line: TagLine) -> dict[str, Any]:
    version = line.head.version if line.head else ""
    tag: Tag = line.tag
    counts = {"positive": line.positive, "negative": line.negative, "version": version}
    return {"key": tag.key, "name": tag.name, "description": tag.description, **counts}


@router.get("/corrections", **allowed(Right.READ), response=Rows[CorrectionShape])
def list_corrections(request: Call, account_id: BigId, subject_kind: str, subject_id: BigId) -> dict[str, Any]:
    """What members said of one thing: the newest of each member and enricher."""
    found = corrections_of(request.auth.workspace_id, int(account_id), subject_kind, int(subject_id))
    return rows(_correction(row) for row in found)


@router.post("/corrections", **allowed(Right.BRIEF), response={201: CorrectionShape})
def make_correction(request: Call, given: CorrectionGiven) -> dict[str, Any]:
    """Say what is right in place of an enricher. It stands on pages, and it teaches."""
    made = correct(
        enricher=given.enricher,
        account_id=int(given.account_id),
        subject_kind=given.subject_kind,
        subject_id=int(given.subject_id),
        value=given.value,
        note=given.note,
        actor=request.auth,
        now=timezone.now(),
    )
    return _correction(made)


@router.delete("/corrections/{correction_id}", **allowed(Right.BRIEF), response={204: None})
def drop_correction(request: Call, correction_id: int) -> None:
    """Take back what one said of a thing."""
    withdraw_correction(correction_id=correction_id, actor=request.auth, now=timezone.now())


@router.get("/agreement/{enricher}", **allowed(Right.READ), response=AgreementShape)
def get_agreement(request: Call, enricher: str) -> Any:
    """How far people who labelled the same things agree."""
    if allowed_of(enricher) is None:
        raise NotLabelled(f"Nobody labels “{enricher}”.", f"There are {', '.join(correctable())} and tags.")
    return agreement_about(request.auth.workspace_id, enricher)


@router.get("/tags", **allowed(Right.READ), response=Rows[TagShape])
def list_tags(request: Call) -> dict[str, Any]:
    """The workspace's own tags in use."""
    return rows(_tag(tag_line(tag)) for tag in tags_of(request.auth.workspace_id))


@router.post("/tags", **allowed(Right.BRIEF), response={201: TagShape})
def make_tag(request: Call, given: TagGiven) -> dict[str, Any]:
    """Make a tag. Examples are corrections of the enricher `tag:KEY`."""
    tag = create_tag(
        name=given.name, description=given.description, key=given.key, actor=request.auth, now=timezone.now()
    )
    return _tag(tag_line(tag))


@router.delete("/tags/{key}", **allowed(Right.BRIEF), response={204: None})
def put_tag_away(request: Call, key: str) -> None:
    """Put a tag away; its examples stay."""
    archive_tag(key=key, actor=request.auth, now=timezone.now())


@router.get("/heads", **allowed(Right.READ), response=Rows[HeadShape])
def list_learnt_heads(request: Call, enricher: str = "", limit: Limit = 50) -> dict[str, Any]:
    """Learnt heads, the newest first."""
    return rows(list_heads(request.auth.workspace_id, enricher)[:limit])


@router.get("/heads/{head_id}", **allowed(Right.READ), response=HeadShape)
def get_learnt_head(request: Call, head_id: int) -> Head:
    """A head with its figures and where it differs from what read when it was compared."""
    return get_head(request.auth.workspace_id, head_id)


@router.post("/learn/{enricher}", **allowed(Right.CATALOGUE, kept=Kept.WITH_IT), response={201: HeadShape})
def train(request: Call, enricher: str, given: LearnGiven) -> Head:
    """Train a candidate for tone, intent, themes or tag:KEY; measure it; run it in shadow. It reads nothing yet."""
    form = allowed_of(enricher)
    lines = (
        []
        if form is None
        else [
            LabelledText(line.text, labels_given(f"lines[{place}]", line.labels, form), line.language)
            for place, line in enumerate(given.lines)
        ]
    )
    return learn(enricher=enricher, actor=request.auth, now=timezone.now(), labelled=lines, source=given.source)


@router.post("/heads/{head_id}/compare", **allowed(Right.CATALOGUE), response=HeadShape)
def compare(request: Call, head_id: int) -> Head:
    """Run a candidate in shadow again over the newest texts."""
    return shadow(head_id=head_id, actor=request.auth, now=timezone.now())


@router.post("/heads/{head_id}/promote", **allowed(Right.CATALOGUE), response=HeadShape)
def promote_head(request: Call, head_id: int, given: DecisionGiven) -> Head:
    """Let a candidate read from the next `enrich` on."""
    return promote(head_id=head_id, reason=given.reason, actor=request.auth, now=timezone.now())


@router.post("/heads/{head_id}/refuse", **allowed(Right.CATALOGUE), response=HeadShape)
def refuse(request: Call, head_id: int, given: DecisionGiven) -> Head:
    """Decide against a candidate."""
    return refuse_head(head_id=head_id, reason=given.reason, actor=request.auth, now=timezone.now())


@router.post("/rollback/{enricher}", **allowed(Right.CATALOGUE), response=RolledBackShape)
def rollback(request: Call, enricher: str) -> dict[str, str]:
    """Let the head read that read before, or what ships."""
    before = roll_back(enricher=enricher, actor=request.auth, now=timezone.now())
    return {"version": before.version if before else ""}


@router.get("/taxonomies", **allowed(Right.READ), response=Rows[TaxonomyShape])
def list_taxonomies(request: Call) -> dict[str, Any]:
    """The imported taxonomies."""
    return rows(list_imported(request.auth.workspace_id))


@router.get("/taxonomies/themes", **allowed(Right.READ), response=Rows[ThemePlaceShape])
def list_places_of_themes(request: Call) -> dict[str, Any]:
    """Where each theme stands in the Content Taxonomy 3.1."""
    return rows(places_of_themes(request.auth.workspace_id))
