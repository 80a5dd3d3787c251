"""Words that name what a person is in a way nobody may be sorted by (GDPR, article 9), and age below 18.

A tag sorts posts, and so the people who wrote them: it is made for subjects (“trail running”, “slow cosmetics”), not for
origins, beliefs, health or sexuality. The list is short and plain; who wants around it gets around it, and the ledger
says who did.
"""

from __future__ import annotations

import re

from sillage.lib.text import folded

_STEMS = (
    *("homosex", "heterosex", "bisex", "transgen", "transsex", "lesbi", "schwul"),
    *("musulm", "muslim", "islamic", "islamisch", "chretien", "christian", "christlich", "cristian", "catholi"),
    *("katholi", "cattolic", "catolic", "protestant", "juif", "juive", "jewish", "jews", "judio", "judia", "judisch"),
    *("ebreo", "ebrei", "ebraic", "hindou", "hindu", "bouddhis", "buddhis", "atheis", "athe[eo]"),
    *("ethni", "etnic", "etnia", "migrant", "immigr", "refugie", "refugee"),
    *("syndicalis", "syndique", "gewerkschaft", "sindacalist", "sindicalist", "trade unionis"),
    *("seroposit", "hiv", "vih", "depressi", "diabeti", "handicap", "disabled", "autis", "cancereux"),
    *("communist", "communiste", "socialist", "conservative voter", "electeur", "voter", "wahler"),
)
_PHRASES = (
    *("gay", "gays", "lgbt", "lgbtq", "queer", "noirs", "noires", "black people", "white people", "arabes", "arab"),
    *("arabs", "asiatiques", "asian people", "de gauche", "de droite", "left wing", "right wing", "union members"),
    *("mineurs", "minors", "under 18", "under 16", "moins de 18 ans", "moins de 16 ans", "menores", "minorenni"),
    *("minderjahrige", "adolescents", "teenagers", "children under"),
)
_FOUND = re.compile(rf"\b(?:(?:{'|'.join(_STEMS)})\w*|(?:{'|'.join(re.escape(p) for p in _PHRASES)})\b)")


def special_category_in(text: str) -> str | None:
    """The first words that sort people by what may not be sorted by; None where there are none."""
    found = _FOUND.search(re.sub(r"[-_/]+", " ", folded(text)))
    return found[0] if found else None
