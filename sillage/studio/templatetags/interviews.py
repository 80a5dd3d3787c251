"""Tags of the pages of interviews."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from sillage.studio.engine.transcripts import clock_of
from sillage.studio.models import InterviewStage

register = template.Library()

STAGES: Mapping[str, str | Promise] = {
    "transcript": pgettext_lazy("stage of an interview", "Transcript"),
    "cleaned": pgettext_lazy("stage of an interview", "Cleaned"),
    "edited": pgettext_lazy("stage of an interview", "Edited"),
    "summary": pgettext_lazy("stage of an interview", "Summary"),
}
FLAGS: Mapping[str, str | Promise] = {
    "health": _("may be about health"),
    "religion": _("may be about belief"),
    "sexuality": _("may be about sexuality"),
    "politics": _("may be about politics"),
    "union": _("may be about a union"),
    "origin": _("may be about origin"),
    "age": _("may be about minors"),
}
# Rules by the names under which stages keep them.
RULES: Mapping[str, str | Promise] = {"cleaning": _("cleaning"), "interview summary": _("choice of sentences")}


@register.filter
def stage_name(stage: InterviewStage) -> str:
    """`{{ stage|stage_name }}`: “Cleaned”."""
    return str(STAGES[stage.kind])


@register.filter
def stage_maker(stage: InterviewStage) -> str:
    """Who made a stage: a person by name, a rule in words, a model by its name and server."""
    return str(RULES.get(stage.actor_name, stage.actor_name))


@register.filter
def stage_mark(stage: InterviewStage) -> str:
    """The kind of actor whose mark stands before a stage."""
    return stage.actor


@register.filter
def clock(seconds: float | None) -> str:
    """`{{ turn.starts|clock }}`: “1:02:03”; “-” where there is no time."""
    return "-" if seconds is None else clock_of(seconds)


@register.filter
def flag_says(flag: str) -> str:
    """Why a person should look at a sentence."""
    return str(FLAGS.get(flag, flag))


@register.filter
def words_gone(facts: Mapping[str, Mapping[str, int]]) -> str:
    """“5 fillers, 2 words said twice”: what cleaning took out."""
    gone = facts.get("gone", {})
    told = [
        ngettext("%(n)s filler word", "%(n)s filler words", gone.get("filler", 0)) % {"n": gone["filler"]}
        if gone.get("filler")
        else "",
        ngettext("%(n)s word said twice", "%(n)s words said twice", gone.get("repeated", 0)) % {"n": gone["repeated"]}
        if gone.get("repeated")
        else "",
        ngettext("%(n)s word of a false start", "%(n)s words of false starts", gone.get("false_start", 0))
        % {"n": gone["false_start"]}
        if gone.get("false_start")
        else "",
    ]
    return ", ".join(part for part in told if part) or translated("nothing")
