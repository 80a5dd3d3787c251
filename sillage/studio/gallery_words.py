"""Writing briefs and variants in people's words: kinds, tones, ways of beginning, and why something was left out."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

KINDS: Mapping[str, Text] = {
    "ad": _("Ad"),
    "caption": _("Caption"),
    "message": _("Message"),
    "invitation": _("Invitation"),
    "creator_brief": _("Brief for a creator"),
    "reply": _("Reply"),
    "reminder": _("Reminder"),
    "thanks": _("Thanks"),
}
TONES: Mapping[str, Text] = {
    "plain": pgettext_lazy("tone", "Plain"),
    "warm": pgettext_lazy("tone", "Warm"),
    "playful": pgettext_lazy("tone", "Playful"),
    "expert": pgettext_lazy("tone", "Expert"),
}
REGISTERS: Mapping[str, Text] = {
    "tu": pgettext_lazy("register", "tu: as to a friend"),
    "vous": pgettext_lazy("register", "vous: with courtesy"),
}
CONSIDERATIONS: Mapping[str, Text] = {
    "unknown": _("Not known yet"),
    "own_brand": _("The brand publishes it itself"),
    "paid": _("The creator is paid"),
    "gift": _("The creator gets a gift"),
    "trip": _("The creator is invited on a trip"),
    "affiliate": _("The creator has a share of sales"),
    "none": _("Nothing is given"),
}
SLOTS: Mapping[str, Text] = {
    "hook": pgettext_lazy("part of a text", "Hook"),
    "argument": pgettext_lazy("part of a text", "Argument"),
    "proof": pgettext_lazy("part of a text", "Proof"),
    "call": pgettext_lazy("part of a text", "Call to action"),
}
# How a text begins: the families of the fragments' hooks.
FAMILIES: Mapping[str, Text] = {
    "address": pgettext_lazy("family", "Speaks to somebody"),
    "again": pgettext_lazy("family", "Comes back to it"),
    "belief": pgettext_lazy("family", "Takes a stand"),
    "caption": pgettext_lazy("family", "Reads the picture"),
    "here": pgettext_lazy("family", "Shows it here"),
    "news": pgettext_lazy("family", "Brings news"),
    "observation": pgettext_lazy("family", "Observes"),
    "opinion": pgettext_lazy("family", "Has an opinion"),
    "pause": pgettext_lazy("family", "Asks for a pause"),
    "plainly": pgettext_lazy("family", "Goes straight to it"),
    "playful": pgettext_lazy("family", "Plays"),
    "product": pgettext_lazy("family", "Begins with the product"),
    "question": pgettext_lazy("family", "Answers a question"),
    "scene": pgettext_lazy("family", "Sets a scene"),
    "short": pgettext_lazy("family", "Says it in few words"),
    "single": pgettext_lazy("family", "One thing only"),
    "statement": pgettext_lazy("family", "Says it plainly"),
    "story": pgettext_lazy("family", "Tells a story"),
}
FITS: Mapping[str, Text] = {
    "length": pgettext_lazy("fit", "Length"),
    "tone": pgettext_lazy("fit", "Tone"),
    "voice": pgettext_lazy("fit", "Voice"),
}
MARKS: Mapping[str, Text] = {
    "favourite": _("Favourite"),
    "more": _("More like this"),
    "less": _("Less like this"),
    "no": _("Dismissed"),
}
REASONS: Mapping[str, Text] = {
    "fact_twice": _("one fact told twice"),
    "too_long": _("too long"),
    "too_short": _("too short"),
    "lacks": _("“%(about)s” is not said"),
    "alike": _("nearly the same as another"),
    "never": _("“%(about)s” is said, which may not be"),
    "law": _("stopped by the rule %(about)s"),
    "spelling": _("“%(about)s” is not spelt right"),
    "slot": _("no part is left: %(about)s"),
}


def reason_said(reason: str) -> str:
    """Why something was left out: a key of engine/variants.py: Made as a person reads it."""
    kind, _colon, about = reason.partition(":")
    said = str(REASONS.get(kind, reason))
    return said % {"about": str(SLOTS.get(about, about))} if "%(about)s" in said else said


def family_name(family: str) -> str:
    """The way a text begins; one that nobody named yet is shown as it is written in the fragments."""
    return str(FAMILIES.get(family, family.replace("-", " ").replace("_", " ").capitalize()))
