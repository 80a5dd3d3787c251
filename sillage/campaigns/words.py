"""Stages, refusals of moves and conflicts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.campaigns.actions.moving import MovedMeanwhile, MoveRefused, NothingToUndo
from sillage.campaigns.engine.conflicts import Conflict, ConflictKind
from sillage.campaigns.engine.pipeline import Objection, Stage
from sillage.lib.errors import Refusal

Text = str | Promise

# Why a card moved by itself: what `moving.follow` is told.
FOLLOWED: Mapping[str, Text] = {
    "invitation": pgettext_lazy("a card moved because of", "the invitation went out"),
    "signature": pgettext_lazy("a card moved because of", "both have signed"),
    "draft": pgettext_lazy("a card moved because of", "a draft came"),
    "live post": pgettext_lazy("a card moved because of", "the post is live"),
}
STAGES: Mapping[Stage, Text] = {
    Stage.SHORTLISTED: pgettext_lazy("stage", "Shortlisted"),
    Stage.CONTACTED: pgettext_lazy("stage", "Contacted"),
    Stage.NEGOTIATING: pgettext_lazy("stage", "Negotiating"),
    Stage.AGREED: pgettext_lazy("stage", "Agreed"),
    Stage.CONTRACTED: pgettext_lazy("stage", "Contracted"),
    Stage.PRODUCING: pgettext_lazy("stage", "Producing"),
    Stage.IN_REVIEW: pgettext_lazy("stage", "In review"),
    Stage.LIVE: pgettext_lazy("stage", "Live"),
    Stage.REPORTED: pgettext_lazy("stage", "Reported"),
    Stage.CLOSED: pgettext_lazy("stage", "Closed"),
}

CONFLICTS: Mapping[ConflictKind, Text] = {
    ConflictKind.EXCLUSIVITY: pgettext_lazy("conflict", "Exclusivity"),
    ConflictKind.COMPETITOR: pgettext_lazy("conflict", "Competitor"),
    ConflictKind.DOUBLE_BOOKING: pgettext_lazy("conflict", "Double booking"),
    ConflictKind.OVER_EXPOSURE: pgettext_lazy("conflict", "Over-exposure"),
    ConflictKind.CONTACTED: pgettext_lazy("conflict", "Already contacted"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of a refusal."""

    text: str
    hint: str


def stage_name(stage: str) -> str:
    """A stage as people read it; the stage itself where a newer version uses one that is not known yet."""
    return str(STAGES[Stage(stage)]) if stage in STAGES else stage


OBJECTIONS: Mapping[str, tuple[Text, Text]] = {
    "at_rest": (_("This campaign is put away: nothing in it moves."), _("Bring the campaign back first.")),
    "same_stage": (_("%(name)s stands there already."), _("Choose another stage.")),
    "no_such_move": (
        _("There is no move from “%(source)s” to “%(target)s” for %(name)s."),
        _("From there the moves are: %(ways)s."),
    ),
    "erased": (_("This creator was erased: there is nobody to work with."), _("Close the collaboration.")),
    "reason_missing": (
        _("Closing the collaboration with %(name)s before its report needs a reason."),
        _("Say in a few words why it ends."),
    ),
    "restricted": (
        _("%(name)s asked not to be contacted, or that their data only be stored."),
        _("Close the collaboration; their request stands on the data protection page."),
    ),
    "kept_off": (
        _("%(name)s may not be written to: %(lists)s."),
        _("Take them off the list before anybody writes."),
    ),
    "not_signed": (
        _("There is no signed contract with %(name)s."),
        _("Have the contract signed; without need of one, go from “agreed” to “producing”."),
    ),
    "contract_needed": (
        _("%(name)s is promised EUR %(total)s: the law asks for a written contract before the work begins."),
        _("Have the contract signed first: without it the deal is void."),
    ),
    "contract_unknown": (
        _("Something promised to %(name)s has no value: whether a written contract is needed is not known."),
        _("Put its value down, or say in a few words why no contract is needed."),
    ),
    "drafts_waiting": (
        _("%(n)s of the deliverables of %(name)s have no approved draft."),
        _("Approve the drafts, or take the deliverables back that nobody awaits."),
    ),
}


def told(refusal: Refusal) -> Told:
    """The words for a refusal of this room's pages; those that pages cannot cause keep their own."""
    if isinstance(refusal, MoveRefused):
        return _objection(refusal.objection)
    if isinstance(refusal, MovedMeanwhile):
        return _meanwhile(refusal)
    if isinstance(refusal, NothingToUndo):
        return Told(gettext("There is no move to take back."), gettext("Move the collaboration to the stage you want."))
    return Told(refusal.message, refusal.hint)


def _objection(objection: Objection) -> Told:
    known = OBJECTIONS.get(objection.code)
    if known is None:
        return Told(objection.message, objection.hint)
    about = dict(objection.about)
    for name in ("source", "target"):
        if name in about:
            about[name] = stage_name(about[name])
    if "ways" in about:
        about["ways"] = ", ".join(stage_name(stage) for stage in about["ways"].split(", "))
    return Told(str(known[0]) % about, str(known[1]) % about)


def _meanwhile(refusal: MovedMeanwhile) -> Told:
    row, last = refusal.collaboration, refusal.last
    hint = gettext("Look at it as it is now, then decide again.")
    if last is None:
        return Told(gettext("%(name)s was changed meanwhile.") % {"name": row.name}, hint)
    about = {"who": last.person, "name": row.name, "stage": stage_name(row.stage)}
    return Told(gettext("%(who)s moved %(name)s to “%(stage)s” meanwhile.") % about, hint)


def conflict_sentence(conflict: Conflict) -> str:
    """A conflict with what it rests on: “Under exclusivity for Terre Vive against garden until 31 July 2026”."""
    about = conflict.about
    match conflict.kind:
        case ConflictKind.EXCLUSIVITY:
            return gettext("Promised to %(brand)s not to work for “%(against)s” until %(until)s.") % {
                **about,
                "until": _day(about["until"]),
            }
        case ConflictKind.COMPETITOR:
            said = {**about, "on": _day(about["on"])}
            if about["standing"] == "declared":
                return gettext("Paid post for the competitor %(brand)s on %(on)s.") % said
            return gettext("Likely paid post for the competitor %(brand)s on %(on)s, as a rule reads it.") % said
        case ConflictKind.DOUBLE_BOOKING:
            return gettext("At work for “%(campaign)s” over the same days.") % about
        case ConflictKind.OVER_EXPOSURE:
            n = int(about["n"])
            return ngettext(
                "%(n)s other collaboration of ours went live within %(days)s days.",
                "%(n)s other collaborations of ours went live within %(days)s days.",
                n,
            ) % {"n": n, "days": about["days"]}
        case ConflictKind.CONTACTED:
            return _contacted(about)


def _contacted(about: Mapping[str, str]) -> str:
    who = about["who"] or pgettext("a member who left", "Somebody")
    said = {"who": who, "campaign": about["campaign"], "on": _day(about["on"]) if about["on"] else ""}
    if about["on"]:
        return gettext("%(who)s wrote to them on %(on)s for “%(campaign)s”.") % said
    return gettext("%(who)s is in talks with them for “%(campaign)s”.") % said


def _day(iso: str) -> str:
    return formats.date_format(date.fromisoformat(iso), "DATE_FORMAT")
