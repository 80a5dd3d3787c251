"""What people were asked to judge of texts, and what they said."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from sillage.governance.models import Member
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.engine.human_flags import HumanFlag, days_between, human_flags
from sillage.studio.models import FlagJudge, HumanCheck, Text
from sillage.studio.queries.choices import open_checks
from sillage.studio.queries.texts import newest_version


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag of the words at hand: what was asked about it, if anything, and who is proposed to judge it."""

    flag: HumanFlag
    check: HumanCheck | None
    judge: Member | None


def get_check(workspace_id: int, check_id: int, *, lock: bool = False) -> HumanCheck:
    rows = HumanCheck.objects.select_related("text", "asked_of__person", "asked_by__person")
    rows = rows.filter(text__workspace_id=workspace_id, pk=check_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No human check %(check_id)s in this workspace.", check_id=check_id),
            Sentence("See the page “Human checks”, or `sillage studio judge list`."),
        )
    return found


def get_judge(workspace_id: int, member_id: int) -> Member:
    """A member, who may be asked to judge."""
    found = Member.objects.select_related("person").filter(workspace_id=workspace_id, pk=member_id).first()
    if found is None:
        raise NotFound(
            Sentence("No member %(member_id)s in this workspace.", member_id=member_id),
            Sentence("See the page “Members”, or `sillage members list`."),
        )
    return found


def awaiting(workspace_id: int, member_id: int | None) -> QuerySet[HumanCheck]:
    """What waits for a member's word, the oldest first; texts that were put away ask nothing."""
    return _open(workspace_id).filter(asked_of_id=member_id or 0)


def awaiting_others(workspace_id: int, member_id: int | None) -> QuerySet[HumanCheck]:
    """What waits for the word of somebody else, or of nobody any more."""
    return _open(workspace_id).exclude(asked_of_id=member_id or 0)


def _open(workspace_id: int) -> QuerySet[HumanCheck]:
    rows = HumanCheck.objects.filter(text__workspace_id=workspace_id, text__archived_at=None, answered_at=None)
    return rows.select_related("text", "asked_of__person", "asked_by__person").order_by("asked_at", "pk")


def answered(workspace_id: int) -> QuerySet[HumanCheck]:
    """What was answered, the last answer first."""
    rows = HumanCheck.objects.filter(text__workspace_id=workspace_id, answered_at__isnull=False)
    return rows.select_related("text", "answered_by__person", "asked_by__person").order_by("-answered_at", "-pk")


def unanswered(text: Text, number: int) -> list[HumanCheck]:
    """What stands between a version and its approval: no answer yet, or a change asked for that was not made."""
    return open_checks(text.versions.get(number=number))


def days_of(text: Text) -> tuple[date, ...]:
    """The days on which the text may go out: its deliverable's, else its campaign's; none where nobody said."""
    if text.deliverable is not None:
        return days_between(text.deliverable.publish_from, text.deliverable.publish_until)
    return days_between(text.campaign.starts_on, text.campaign.ends_on) if text.campaign is not None else ()


def flag_lines(text: Text, body: str) -> list[FlagLine]:
    """Every flag of the words at hand, with what was asked of people on them."""
    found = human_flags(body, text.language, days_of(text))
    newest = newest_version(text)
    asked = {(c.flag, c.words): c for c in checks_of(text) if c.words or c.number == newest.number}
    judges = judges_of(text.workspace_id, {flag.flag for flag in found})
    return [FlagLine(flag, asked.get((flag.flag, flag.words)), judges.get(flag.flag)) for flag in found]


def checks_of(text: Text) -> list[HumanCheck]:
    """Everything that was asked of a text, the oldest first."""
    rows = text.human_checks.select_related("asked_of__person", "answered_by__person", "asked_by__person")
    return list(rows.order_by("asked_at", "pk"))


def named_judges(workspace_id: int) -> dict[str, FlagJudge]:
    """By flag who was named to judge it; those who cannot sign in any more are left out."""
    rows = FlagJudge.objects.filter(workspace_id=workspace_id, member__person__is_active=True)
    return {row.flag: row for row in rows.select_related("member__person", "named_by__person")}


def judges_of(workspace_id: int, flags: Collection[str]) -> dict[str, Member]:
    """Who is proposed for the next flag of a kind: whom the workspace named, or who answered one last."""
    named = {flag: row.member for flag, row in named_judges(workspace_id).items()}
    return last_judges(workspace_id, flags) | {flag: named[flag] for flag in flags if flag in named}


def last_judges(workspace_id: int, flags: Iterable[str]) -> dict[str, Member]:
    """Who answered a flag last."""
    rows = answered(workspace_id).filter(flag__in=list(flags), answered_by__isnull=False)
    found: dict[str, Member] = {}
    for check in rows[:200]:
        if check.answered_by is not None:
            found.setdefault(check.flag, check.answered_by)
    return found
