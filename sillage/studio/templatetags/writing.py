"""The writing page in the reader's language: where a text stands, who made words, what a remark says, a fix as it looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sillage.lib.sentences import told
from sillage.lib.word_diff import Piece
from sillage.studio.engine.origins import AGAIN, MadeBy, Origin
from sillage.studio.engine.remarks import Remark
from sillage.studio.engine.typography import HARD, THIN
from sillage.studio.models import TextVersion

register = template.Library()

LONGEST_SHOWN = 80

STATES: Mapping[str, str | Promise] = {
    "": _("All"),
    "writing": pgettext_lazy("state of a text", "being written"),
    "chosen": pgettext_lazy("state of a text", "chosen"),
    "approved": pgettext_lazy("state of a text", "approved"),
    "refused": pgettext_lazy("state of a text", "refused"),
    "handed_over": pgettext_lazy("state of a text", "handed over"),
    "archived": pgettext_lazy("state of a text", "put away"),
}
STATE_BADGES = {"chosen": "warning", "approved": "good", "handed_over": "good", "refused": "bad"}
KINDS: Mapping[str, str | Promise] = {
    "ad": pgettext_lazy("kind of text", "Ad"),
    "message": pgettext_lazy("kind of text", "Message"),
    "invitation": pgettext_lazy("kind of text", "Invitation"),
    "creator_brief": pgettext_lazy("kind of text", "Brief for a creator"),
    "caption": pgettext_lazy("kind of text", "Caption"),
    "reply": pgettext_lazy("kind of text", "Reply"),
    "reminder": pgettext_lazy("kind of text", "Reminder"),
    "thanks": pgettext_lazy("kind of text", "Thanks"),
}
REMARK_KINDS: Mapping[str, str | Promise] = {
    "brief": pgettext_lazy("kind of remark", "Brief"),
    "typography": pgettext_lazy("kind of remark", "Typography"),
    "plain": pgettext_lazy("kind of remark", "Plain words"),
    "inclusive": pgettext_lazy("kind of remark", "Inclusive words"),
    "reading": pgettext_lazy("kind of remark", "Easy to read"),
    "slip": pgettext_lazy("kind of remark", "Slip"),
    "spelling": pgettext_lazy("kind of remark", "Spelling"),
    "grammar": pgettext_lazy("kind of remark", "Grammar"),
}
SAYS: Mapping[str, str | Promise] = {
    "brief.too_long": _("%(n)s characters: the brief allows %(wanted)s."),
    "brief.too_short": _("%(n)s characters: the brief asks for at least %(wanted)s."),
    "brief.missing": _("The brief asks for “%(word)s”."),
    "brief.banned": _("The brief says never to write this."),
    "typography.apostrophe": _("A curved apostrophe is the typeset one."),
    "typography.ellipsis": _("Three dots are one sign."),
    "typography.space_before_colon": _("French sets a no-break space before a colon."),
    "typography.space_before_mark": _("French sets a narrow no-break space before this mark."),
    "typography.quote_opens": _("French sets a no-break space inside quotes."),
    "typography.quote_closes": _("French sets a no-break space inside quotes."),
    "typography.straight_quotes": _("French quotes are « and »."),
    "typography.space_before_unit": _("French sets a no-break space before this sign."),
    "typography.space_before_comma": _("No space before a comma."),
    "typography.space_before_stop": _("No space before a full stop."),
    "typography.space_after_comma": _("A space follows a comma."),
    "typography.space_in_brackets": _("No space inside brackets."),
    "typography.hour": _("Hours are written 18 h 30, with no-break spaces."),
    "typography.ordinal": _("Ordinals are written 1ᵉʳ, 2ᵉ."),
    "typography.euro_behind": _("The euro sign stands behind the number."),
    "typography.euro_word": _("Behind a number, the sign € does."),
    "typography.etc": _("“etc.” takes one full stop."),
    "plain.word": _("A plainer wording says the same."),
    "inclusive.word": _("This wording leaves people out; another one does not."),
    "reading.long_sentence": _("A long sentence: a reader may lose its thread."),
    "slip.twice": _("The word stands twice."),
    "slip.spaces": _("Two spaces."),
    "slip.marks": _("One mark is enough."),
    "slip.shouted": _("Capitals shout."),
}
CHECKED_BY_A_DICTIONARY = {
    "spelling": _("The dictionary does not know this word."),
    "grammar": _("Look at the grammar here."),
}


@register.filter
def text_state(state: str) -> str:
    """`{{ text.state|text_state }}`: where it stands, in words."""
    return str(STATES.get(state, state))


@register.filter
def text_badge(state: str) -> str:
    return STATE_BADGES.get(state, "")


@register.filter
def text_kind(kind: str) -> str:
    """`{{ text.kind|text_kind }}`: an ad, a message, a caption."""
    return str(KINDS.get(kind, kind))


@register.filter
def text_language(code: str) -> str:
    """`{{ text.language|text_language }}`: French, English, in the reader's language."""
    return str(get_language_info(code)["name_translated"])


@register.filter
def made_by_words(made_by: MadeBy) -> str:
    """`{{ made_by|made_by_words }}`: who made a version. Only a model's words are called AI."""
    if made_by.origin is Origin.TEMPLATE:
        return gettext("assembled from templates")
    if made_by.origin is Origin.MODEL:
        return gettext("written by a model (AI): %(name)s") % {"name": f"{made_by.name} {made_by.version}".strip()}
    return gettext("written by a person")


@register.filter
def version_note(version: TextVersion) -> str:
    """`{{ version|version_note }}`: what a person wrote of it, or that it is an earlier one again."""
    again = AGAIN.filled(number=version.edited_from)
    return told(again) if version.note == again else version.note


@register.filter
def made_by_kind(made_by: MadeBy) -> str:
    """The kind of actor whose mark stands before a version: {% actor %} of the design."""
    return {Origin.PERSON: "person", Origin.TEMPLATE: "rule", Origin.MODEL: "model"}[made_by.origin]


@register.filter
def remark_kind(remark: Remark) -> str:
    return str(REMARK_KINDS.get(remark.kind, remark.kind))


@register.filter
def remark_says(remark: Remark) -> str:
    """`{{ remark|remark_says }}`: what is remarked, as a sentence."""
    if "why" in remark.about:  # a rule of grammar gives its own reason, in French and English
        return remark.about["why_fr" if (get_language() or "").startswith("fr") else "why"]
    says = SAYS.get(f"{remark.kind}.{remark.rule}") or CHECKED_BY_A_DICTIONARY.get(remark.kind)
    return str(says) % remark.about if says else remark.rule.replace("_", " ")


@register.filter
def seen_spaces(words: str) -> str:
    """`{{ fix|seen_spaces }}`: spaces that nobody sees, shown by signs, where a fix is about them."""
    if words.strip(f" {HARD}{THIN}") and not words.startswith((HARD, THIN)) and not words.endswith((HARD, THIN)):
        return words
    return words.replace(HARD, "⍽").replace(THIN, "⍽").replace(" ", "␣") or "∅"


@register.filter
def as_changes(pieces: Iterable[Piece]) -> SafeString:
    """`{{ changes|as_changes }}`: what went struck out, what came underlined."""
    tags = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>", "same": "{}"}
    return format_html_join("", "{}", ((format_html(tags[piece.kind], piece.text),) for piece in pieces))


AROUND = 14  # characters shown on either side of what is remarked


@register.simple_tag
def remark_place(remark: Remark, body: str) -> SafeString:
    """`{% remark_place remark body %}`: the words remarked on, marked, with a little of what stands around them."""
    before, after = body[max(0, remark.start - AROUND) : remark.start], body[remark.end : remark.end + AROUND]
    words = remark.words if len(remark.words) <= LONGEST_SHOWN else remark.words[: LONGEST_SHOWN - 1] + "…"
    shown = (
        "…" if remark.start > AROUND else "",
        before,
        words if words.strip() else seen_spaces(words),
        after,
        "…" if remark.end + AROUND < len(body) else "",
    )
    return format_html("{}{}<mark>{}</mark>{}{}", *shown)


@register.simple_tag
def fix_shown(remark: Remark, fix: str, body: str) -> str:
    """`{% fix_shown remark fix body %}`: what would stand there; a sign or a space within the word that it belongs to."""
    if len(fix.strip(f" {HARD}{THIN}")) > 1:
        return fix
    before = re.search(r"\S*\Z", body[max(0, remark.start - AROUND) : remark.start])
    after = re.match(r"\S*", body[remark.end : remark.end + AROUND])
    return f"{before[0] if before else ''}{seen_spaces(fix)}{after[0] if after else ''}"
