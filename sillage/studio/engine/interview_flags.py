"""What a person should look at before words of an interview are used: what somebody says of health, belief, origin and such.

What people say of themselves in an interview is theirs to say and is kept as they said it; nothing is inferred from it (GDPR,
article 9). A sentence that holds such words is not picked by a machine: it is set aside and shown to a person, who decides
whether it is quoted. A gate of words, as `governance/engine/sensitive.py` is: it flags too much rather than too little.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sillage.governance.engine.sensitive import FOLDER, sorting_in
from sillage.lib.text import folded

CATEGORIES = ("health", "religion", "sexuality", "politics", "union", "origin")
_AMBIGUOUS = frozenset(
    {"noir", "noirs", "noire", "noires", "blanc", "blancs", "blanche", "blanches", "fo", "bi", "rom", "trans"}
)
_ALSO = {  # said of oneself, where a segment would not be named so
    "health": "maladie malade hopital cancer enceinte grossesse depression deprim* burn-out therapie therapy medicament*"
    " medication pregnan* hospital illness cancer diabet* surgery anxiety",
    "politics": "vote* voter votais voting elections manifestation parti_politique",
    "union": "greve syndiqu* union_member strike",
    "religion": "dieu prie prier priere god pray* church mosquee mosque eglise synagogue",
}


@dataclass(frozen=True, slots=True)
class Sensitive:
    """The words that were seen, folded, and what they may be about (one of CATEGORIES, or age)."""

    words: str
    category: str


def sensitive_in(sentence: str) -> Sensitive | None:
    """The first words of a sentence that a person should look at; None where there are none."""
    plain = re.sub(r"[^a-z0-9ß]+", " ", folded(sentence))
    for category in CATEGORIES:
        found = _pattern(category).search(plain)
        if found:
            return Sensitive(found[0], category)
    sorting = sorting_in(sentence)
    return Sensitive(sorting.words, sorting.category) if sorting else None


@cache
def _pattern(category: str) -> re.Pattern[str]:
    """The listed words of a category in French and English: “stem*” matches any ending, “a_b” two words."""
    listed = set(_ALSO.get(category, "").split())
    for language in ("fr", "en"):
        read = tomllib.loads(resources.files(FOLDER).joinpath(f"{language}.toml").read_text(encoding="utf8"))[category]
        for kind in ("traits", "people", "conditions", "always"):
            listed.update(read.get(kind, "").split())
    words = sorted(re.sub(r"[-_]", " ", word) for word in listed if word not in _AMBIGUOUS)
    return re.compile(
        r"\b(?:" + "|".join(re.escape(w).replace(r"\*", "[a-z0-9ß]*").replace(r"\ ", " ") for w in words) + r")\b"
    )
