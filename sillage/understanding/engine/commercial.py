"""Signs that a post is commercial: the network's own label, or words by which creators say so.

A rule, not a judgement: whether the disclosure is lawful is another question (law packs). Weak words alone ("merci à @…")
are a hint, and say so by their confidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sillage.lib.text import folded
from sillage.understanding.engine.port import NOTHING, Finding, PostText

VERSION = "1"
LABEL, PLAIN, WEAK = 0.99, 0.95, 0.6

_PLAIN = (
    *(
        "publicite",
        "collaboration commerciale",
        "collaboration remuneree",
        "partenariat remunere",
        "contenu sponsorise",
    ),
    *(
        "article sponsorise",
        "post sponsorise",
        "video sponsorisee",
        "sponsorise par",
        "sponsorisee par",
        "en partenariat avec",
    ),
    *("paid partnership", "paid promotion", "sponsored by", "sponsored post", "in partnership with", "advertisement"),
    *("publicidad", "colaboracion pagada", "colaboracion comercial", "patrocinado por", "en colaboracion con"),
    *("anzeige", "bezahlte partnerschaft", "unbezahlte werbung", "gesponsert von", "pubblicita", "sponsorizzato da"),
)
_PLAIN_TAGS = (
    *("ad", "publi", "publicite", "sponsored", "sponsorise", "sponso", "paidpartnership", "partenariatremunere"),
    *("partenariat", "collaborationcommerciale", "publicidad", "werbung", "anzeige", "adv", "pub"),
)
_WEAK = (
    *(
        "merci a @",
        "offert par",
        "produit offert",
        "produits offerts",
        "code promo",
        "avec le code",
        "lien d'affiliation",
    ),
    *("thanks to @", "gifted by", "use my code", "discount code", "affiliate link", "promo code"),
    *("gracias a @", "codigo de descuento", "con el codigo", "regalado por"),
)
_WEAK_TAGS = ("collab", "collaboration", "gifted", "offert", "ambassadrice", "ambassadeur", "ambassador", "regalo")

_TAG = re.compile(r"#(\w+)")
_PLAIN_WORDS = re.compile(r"\b(" + "|".join(re.escape(w) for w in _PLAIN) + r")\b")
_WEAK_WORDS = re.compile(r"(?<!\w)(" + "|".join(re.escape(w) for w in _WEAK) + ")")


class Commercial:
    """The enricher `commercial`: value {"commercial": true}, evidence of the words."""

    name = "commercial"
    version = VERSION
    languages = ("fr", "en", "es", "de", "it")
    cost = 0.02

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        return [self._finding(post) for post in posts]

    def _finding(self, post: PostText) -> Finding:
        if post.paid_label:
            return Finding({"commercial": True}, LABEL, [{"words": "paid partnership label", "confidence": LABEL}])
        text = folded(post.words)
        tags = set(_TAG.findall(text))
        found = [(w, PLAIN) for w in _PLAIN_WORDS.findall(text)] + [(f"#{t}", PLAIN) for t in _PLAIN_TAGS if t in tags]
        found += [(w, WEAK) for w in _WEAK_WORDS.findall(text)] + [(f"#{t}", WEAK) for t in _WEAK_TAGS if t in tags]
        if not found:
            return NOTHING
        sure = max(confidence for _, confidence in found)
        return Finding({"commercial": True}, sure, [{"words": w, "confidence": c} for w, c in dict(found).items()])
