"""The board and the table of a campaign: cards with what stands beside them, and who did what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Min, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from sillage.campaigns.engine.conflicts import Conflict, ConflictKind
from sillage.campaigns.engine.pipeline import Stage, moves_from
from sillage.campaigns.models import Campaign, Collaboration, Move, Note, Reminder
from sillage.campaigns.queries.campaigns import stage_counts
from sillage.campaigns.queries.conflicts import list_conflicts
from sillage.governance.models import Entry, Member
from sillage.lib.paging import CursorMalformed, cursor_of, key_of
from sillage.lib.sentences import Sentence

FIRST, MORE = 8, 52  # cards of a stage that the board shows, and that each “more” brings


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which collaborations a board or table shows: words in name or handle, an owner (0: nobody's), stages; all if empty."""

    words: str = ""
    owner_id: int | None = None
    stages: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        return not (self.words or self.owner_id is not None or self.stages)


@dataclass(frozen=True, slots=True)
class Card:
    """A collaboration with what stands beside it. `reminder` is the earliest that is still to be done."""

    row: Collaboration
    conflicts: Sequence[Conflict]
    notes: int
    due_on: date | None

    @property
    def stage(self) -> Stage:
        return Stage(self.row.stage)

    @property
    def kinds(self) -> list[tuple[Conflict, list[Conflict]]]:
        """The conflicts by kind: the first of each kind, and all of it."""
        found: dict[ConflictKind, list[Conflict]] = {}
        for conflict in self.conflicts:
            found.setdefault(conflict.kind, []).append(conflict)
        return [(same[0], same) for same in found.values()]

    @property
    def moves(self) -> tuple[Stage, ...]:
        return moves_from(self.stage)


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the board: how many stand in it, and the first of them. `next_cursor` leads to the rest."""

    stage: Stage
    total: int
    cards: Sequence[Card]
    next_cursor: str | None


def board(campaign: Campaign, wanted: Wanted, now: datetime, stages: Sequence[Stage] = tuple(Stage)) -> list[Column]:
    """The columns of some stages, each with its first FIRST cards: those that changed stage last stand first."""
    rows = _rows(campaign, wanted).filter(stage__in=[stage.value for stage in stages])
    counts = _counts(campaign, wanted)
    place = Window(RowNumber(), partition_by=[F("stage")], order_by=[F("stage_since").desc(), F("pk").desc()])
    first = list(rows.annotate(place=place).filter(place__lte=FIRST).order_by("-stage_since", "-pk"))
    cards = cards_of(campaign, first, now)
    found = []
    for stage in stages:
        shown = [card for card in cards if card.row.stage == stage.value]
        total = counts.get(stage.value, 0)
        found.append(Column(stage, total, shown, _cursor(shown) if total > len(shown) else None))
    return found


def more_of(campaign: Campaign, stage: Stage, wanted: Wanted, cursor: str, now: datetime) -> Column:
    """The next cards of a column."""
    since, last = _after(cursor)
    rows = _rows(campaign, wanted).filter(stage=stage.value)
    rows = rows.filter(Q(stage_since__lt=since) | Q(stage_since=since, pk__lt=last))
    page = list(rows.order_by("-stage_since", "-pk")[: MORE + 1])
    cards = cards_of(campaign, page[:MORE], now)
    return Column(stage, 0, cards, _cursor(cards) if len(page) > MORE else None)


def list_cards(
    campaign: Campaign, wanted: Wanted, now: datetime, *, cursor: str | None = None, limit: int = 100
) -> tuple[list[Card], str | None]:
    """The table: what changed stage last stands first. Returns the cards and the cursor of the rest."""
    rows = _rows(campaign, wanted)
    if cursor:
        since, last = _after(cursor)
        rows = rows.filter(Q(stage_since__lt=since) | Q(stage_since=since, pk__lt=last))
    page = list(rows.order_by("-stage_since", "-pk")[: limit + 1])
    cards = cards_of(campaign, page[:limit], now)
    return cards, _cursor(cards) if len(page) > limit else None


def _rows(campaign: Campaign, wanted: Wanted) -> QuerySet[Collaboration]:
    rows = campaign.collaborations.select_related("owner__person")
    if wanted.owner_id is not None:
        rows = rows.filter(owner_id=wanted.owner_id or None)
    if wanted.stages:
        rows = rows.filter(stage__in=wanted.stages)
    for word in wanted.words.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(handle__icontains=word.lstrip("@")))
    return rows


def _counts(campaign: Campaign, wanted: Wanted) -> dict[str, int]:
    if wanted.is_plain:
        return stage_counts([campaign.pk]).get(campaign.pk, {})
    counted = _rows(campaign, wanted).order_by().values("stage").annotate(n=Count("pk"))
    return {row["stage"]: row["n"] for row in counted}


def cards_of(campaign: Campaign, rows: Sequence[Collaboration], now: datetime) -> list[Card]:
    """Collaborations of one campaign with their conflicts, how many notes they have, and what is due."""
    ids = [row.pk for row in rows]
    for row in rows:
        row.campaign = campaign
    conflicts = list_conflicts(campaign, rows, now)
    notes = dict(Note.objects.filter(collaboration__in=ids).values_list("collaboration").annotate(Count("pk")))
    due = Reminder.objects.filter(collaboration__in=ids, done_at=None)
    days = dict(due.values_list("collaboration").annotate(Min("due_on")))
    return [Card(row, conflicts.get(row.pk, []), notes.get(row.pk, 0), days.get(row.pk)) for row in rows]


def get_card(collaboration: Collaboration, now: datetime) -> Card:
    return cards_of(collaboration.campaign, [collaboration], now)[0]


def _cursor(cards: Sequence[Card]) -> str | None:
    return cursor_of([cards[-1].row.stage_since.isoformat(), cards[-1].row.pk]) if cards else None


def _after(cursor: str) -> tuple[datetime, int]:
    at, last = key_of(cursor, 2)
    try:
        since = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise CursorMalformed(
            Sentence("This cursor cannot be read."), Sentence("Start again without a cursor.")
        ) from error
    if since.tzinfo is None or type(last) is not int:
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    return since, last


# -- who did what ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done: a move, a note, or an entry of the ledger about something else."""

    at: datetime
    who: str
    kind: str  # person, rule, automation, model
    move: Move | None = None
    note: Note | None = None
    entry: Entry | None = None

    @property
    def collaboration(self) -> Collaboration | None:
        told = self.move or self.note
        return told.collaboration if told else None


TOLD_OTHERWISE = (
    *("campaigns.collaboration_moved", "campaigns.collaborations_moved", "campaigns.move_undone"),
    "campaigns.note_written",
)


def list_moves(collaboration: Collaboration) -> list[Move]:
    """The newest first."""
    return list(collaboration.moves.select_related("member__person").order_by("-pk"))


def list_notes(collaboration: Collaboration) -> list[Note]:
    """The newest first, with those who wrote them."""
    mentioned = Prefetch("mentioned", Member.objects.select_related("person"))
    return list(collaboration.notes.select_related("member__person").prefetch_related(mentioned).order_by("-pk"))


def activity_of(campaign: Campaign, limit: int = 60) -> list[Happening]:
    """Who did what in a campaign, the newest first."""
    within, beside = Q(collaboration__campaign=campaign), ("collaboration", "member__person")
    moves = Move.objects.filter(within).select_related(*beside).order_by("-pk")
    notes = Note.objects.filter(within).select_related(*beside).order_by("-pk")
    ids = campaign.collaborations.values_list("pk", flat=True)
    about = Q(subject_kind="campaign", subject_id=str(campaign.pk))
    about |= Q(subject_kind="collaboration", subject_id__in=[str(pk) for pk in ids])
    entries = list(_entries(campaign.workspace_id, about)[:limit])
    members = Member.objects.select_related("person").filter(pk__in=_members(entries))
    return _happened(moves[:limit], notes[:limit], entries, members)[:limit]


def activity_with(
    collaboration: Collaboration,
    moves: Sequence[Move],
    notes: Sequence[Note],
    members: Iterable[Member],
    limit: int = 40,
) -> list[Happening]:
    """Who did what in one collaboration, given its moves, its notes and the workspace's members, the newest first."""
    about = Q(subject_kind="collaboration", subject_id=str(collaboration.pk))
    entries = list(_entries(collaboration.workspace_id, about)[:limit])
    return _happened(moves, notes, entries, members)[:limit]


def _happened(
    moves: Iterable[Move], notes: Iterable[Note], entries: Iterable[Entry], members: Iterable[Member]
) -> list[Happening]:
    people = {m.pk: str(m.person) for m in members}
    happened = [
        *(Happening(m.moved_at, m.who, _kind(m), move=m) for m in moves),
        *(Happening(n.written_at, str(n.member.person) if n.member else "", "person", note=n) for n in notes),
        *(Happening(e.at, people.get(e.member_id or 0, e.actor_name), e.actor_kind, entry=e) for e in entries),
    ]
    return sorted(happened, key=lambda h: h.at, reverse=True)


def _members(entries: Sequence[Entry]) -> set[int]:
    return {entry.member_id for entry in entries if entry.member_id is not None}


def _kind(move: Move) -> str:
    """A move that no member made followed something else: a signature, a live post."""
    return "person" if move.member_id is not None else "automation"


def _entries(workspace_id: int, about: Q) -> QuerySet[Entry]:
    entries = Entry.objects.filter(about, workspace_id=workspace_id).exclude(verb__in=TOLD_OTHERWISE)
    return entries.order_by("-number")
