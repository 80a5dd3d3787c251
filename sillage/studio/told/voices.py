"""What was measured of a voice, and what is off in a text, in people's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sillage.studio.engine.voice import Fit, Off, Voice
from sillage.studio.engine.voice_words import Said, off_in_units, said_of

Words = str | Promise

NEARER, FARTHER = 0.84, 0.16  # a spread above and below what others' texts come to

TRAIT_NAMES: Mapping[str, Words] = {
    "words": gettext_lazy("Length"),
    "words_per_sentence": gettext_lazy("Length of sentences"),
    "letters_per_word": gettext_lazy("Length of words"),
    "figures": gettext_lazy("Figures"),
    "exclamations": gettext_lazy("Exclamation marks"),
    "questions": gettext_lazy("Question marks"),
    "commas": gettext_lazy("Commas"),
    "colons": gettext_lazy("Colons and semicolons"),
    "ellipses": gettext_lazy("Ellipses"),
    "quotes": gettext_lazy("Quotation marks"),
    "dashes": gettext_lazy("Dashes"),
    "links": gettext_lazy("Links"),
    "lines": gettext_lazy("Line breaks"),
    "emoji": gettext_lazy("Emoji"),
    "hashtags": gettext_lazy("Hashtags"),
    "mentions": gettext_lazy("Mentions (@)"),
    "shouted_words": gettext_lazy("Words in capitals"),
    "capital_words": gettext_lazy("Words with a capital letter"),
    "tu": gettext_lazy("“Tu” and its forms"),
    "vous": gettext_lazy("“Vous” and its forms"),
    "i": gettext_lazy("“I” and its forms"),
    "we": gettext_lazy("“We” and its forms"),
    "you": gettext_lazy("“You” and its forms"),
}
UNIT_NAMES: Mapping[str, Words] = {
    "words": gettext_lazy("words"),
    "words per sentence": gettext_lazy("words per sentence"),
    "letters per word": gettext_lazy("letters per word"),
    "per 100 signs": gettext_lazy("per 100 signs"),
    "per 10 sentences": gettext_lazy("per 10 sentences"),
    "per 100 words": gettext_lazy("per 100 words"),
}
PART_NAMES: Mapping[str, Words] = {
    "characters": gettext_lazy("Spelling and endings"),
    "words": gettext_lazy("Words"),
    "traits": gettext_lazy("Traits"),
    "meaning": gettext_lazy("Subject"),
}
SOURCE_NAMES: Mapping[str, Words] = {
    "pasted": gettext_lazy("pasted"),
    "file": gettext_lazy("from a file"),
    "post": gettext_lazy("a post of the brand"),
    "choice": gettext_lazy("chosen in the studio"),
}

_PLAIN: Mapping[str, Words] = {
    "words": gettext_lazy("Texts of %(usual)s words, usually %(low)s to %(high)s."),
    "words_per_sentence": gettext_lazy("Sentences of %(usual)s words, usually %(low)s to %(high)s."),
    "says_tu": gettext_lazy("Says “tu”: in %(n)s of %(of)s texts."),
    "says_vous": gettext_lazy("Says “vous”: in %(n)s of %(of)s texts."),
    "says_you": gettext_lazy("Says “you”: in %(n)s of %(of)s texts."),
    "says_both": gettext_lazy("Mixes “tu” (in %(tu)s of %(of)s texts) and “vous” (in %(vous)s)."),
    "says_nobody": gettext_lazy("Addresses nobody directly."),
    "speaks_we": gettext_lazy("Speaks of itself as “we”: in %(n)s of %(of)s texts."),
    "speaks_i": gettext_lazy("Speaks of itself as “I”: in %(n)s of %(of)s texts."),
    "emoji.never": gettext_lazy("No emoji."),
    "emoji.many": gettext_lazy("%(n)s emoji per sentence."),
    "exclamations.never": gettext_lazy("No exclamation marks."),
    "exclamations.many": gettext_lazy("%(n)s exclamation marks per sentence."),
    "questions.many": gettext_lazy("%(n)s question marks per sentence."),
    "ellipses.many": gettext_lazy("%(n)s ellipses per sentence."),
    "links.many": gettext_lazy("%(n)s links per sentence."),
    "hashtags": gettext_lazy("%(n)s hashtags per text."),
    "mentions": gettext_lazy("%(n)s mentions per text."),
    "openings": gettext_lazy("Opens with %(words)s."),
    "closings": gettext_lazy("Ends with %(words)s."),
    "vocabulary": gettext_lazy("Its own words, used more than others do: %(words)s."),
}


def told(said: Said) -> str:
    """A measured statement as a sentence in the reader's language."""
    written = {name: number_in_words(value) for name, value in said.numbers.items()}
    if said.key.endswith(".every"):
        return _every(said.trait, round(said.numbers["n"])) % written
    quoted = (_("“%(word)s” (%(n)s×)") % {"word": word, "n": n} for word, n in said.words)
    return str(_PLAIN[said.key]) % {**written, "words": ", ".join(quoted)}


def _every(trait: str, n: int) -> str:
    sentences = {
        "emoji": ngettext("One emoji in every sentence.", "One emoji every %(n)s sentences.", n),
        "exclamations": ngettext(
            "One exclamation mark in every sentence.", "One exclamation mark every %(n)s sentences.", n
        ),
        "questions": ngettext("One question mark in every sentence.", "One question mark every %(n)s sentences.", n),
        "ellipses": ngettext("One ellipsis in every sentence.", "One ellipsis every %(n)s sentences.", n),
        "links": ngettext("One link in every sentence.", "One link every %(n)s sentences.", n),
    }
    return sentences[trait]


def told_voice(voice: Voice) -> list[str]:
    """The whole voice, the weightiest first."""
    return [told(said) for said in said_of(voice)]


def told_off(off: Off) -> str:
    """What is off: measured against usual, in people's units."""
    found = off_in_units(off)
    low, high = number_in_words(found.low), number_in_words(found.high)
    given = {
        "trait": TRAIT_NAMES[off.trait],
        "measured": number_in_words(found.usual),
        "unit": UNIT_NAMES[found.unit],
        "low": low,
        "high": high,
    }
    if low == high:
        return _("%(trait)s: %(measured)s %(unit)s here, usually %(low)s.") % given
    return _("%(trait)s: %(measured)s %(unit)s here, usually %(low)s to %(high)s.") % given


def told_fit(fit: Fit) -> list[str]:
    """All that speaks against a text: banned words first, then traits, the furthest first."""
    banned = [_("“%(word)s” is banned in this voice.") % {"word": word} for word in fit.banned]
    return banned + [told_off(off) for off in fit.off]


def verdict_of(fit: Fit) -> str:
    """In a few words, how near the text is."""
    if fit.banned:
        return _("Holds a banned word")
    if fit.near:
        return _("Like its own texts")
    if fit.value >= NEARER:
        return _("Nearer than most texts of others")
    return _("Like anybody’s text") if fit.value >= FARTHER else _("Unlike this voice")


def number_in_words(value: float) -> str:
    """At most one decimal, and none where it says nothing; small rates keep two."""
    decimals = 0 if value == round(value) or abs(value) >= 20 else 2 if abs(value) < 0.1 else 1
    return formats.number_format(round(value, decimals), decimal_pos=decimals, use_l10n=True, force_grouping=True)
