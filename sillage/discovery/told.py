"""Refusals of discovery in the reader's language, with the field that they are about."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.catalogue.engine.filters import FilterContradictory
from sillage.discovery.actions import BriefHasNoThemes, NobodyPasses, ReasonMissing
from sillage.discovery.actions.lists import NameMissing
from sillage.discovery.engine.brief import SpecialCategory
from sillage.lib.errors import Refusal

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of a refusal. `field` is the form's field beside which it stands, if any."""

    text: Text
    hint: Text
    status: int
    field: str = ""


_KNOWN: tuple[tuple[type[Refusal], Text, Text, str], ...] = (
    (
        BriefHasNoThemes,
        _("No subject was recognised in this brief, so there is nothing to rank creators by."),
        _("Name subjects that creators talk about, such as “natural care” or “trail running”, or choose themes below."),
        "add_theme",
    ),
    (
        NobodyPasses,
        _("No account whose posts were read passes the filters of this brief."),
        _("Widen the countries, languages or follower range, or import more creators."),
        "",
    ),
    (
        SpecialCategory,
        _("This asks what a person is. Sillage looks only for what content is about: law and fairness both say so."),
        _("Describe the subjects that the creators should talk about instead."),
        "text",
    ),
    (
        FilterContradictory,
        _("No account can pass both bounds: the lowest number of followers is above the highest."),
        _("Swap the two numbers, or leave one empty."),
        "max_followers",
    ),
    (
        ReasonMissing,
        _("A dismissal needs a reason."),
        _("A few words are enough: whoever reads the brief next will ask."),
        "reason",
    ),
    (NameMissing, _("This needs a name."), _("Give it a short name that colleagues will understand."), "name"),
)


def told(refusal: Refusal) -> Told:
    """The words for a refusal; those that pages cannot cause keep their own."""
    for kind, text, hint, field in _KNOWN:
        if isinstance(refusal, kind):
            return Told(text, hint, refusal.status, field)
    return Told(refusal.message, refusal.hint, refusal.status)
