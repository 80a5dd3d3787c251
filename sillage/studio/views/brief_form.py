"""What a person types about a writing brief, in the shape that actions take, and back."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from sillage.campaigns.queries.campaigns import list_campaigns
from sillage.catalogue.engine.records import NETWORKS
from sillage.catalogue.queries import list_brands
from sillage.governance.engine.law import FORMATS
from sillage.governance.engine.law_reading import law_book
from sillage.lib.errors import Refusal
from sillage.studio.actions.briefs import BriefNewer
from sillage.studio.engine.brief import LANGUAGES, MOST_FACTS, FactMissing, IdeaMissing
from sillage.studio.engine.variants import variant_kinds
from sillage.studio.gallery_words import CONSIDERATIONS, KINDS, REGISTERS, TONES
from sillage.studio.models import StoredBrief, Voice

LINES = (
    *("title", "kind", "language", "idea", "audience", "aim", "brand", "product", "link", "code", "label"),
    *("tone", "register", "network", "format", "consideration"),
)
NUMBERS = ("shortest", "longest")
LISTS = {"must": r"\n+", "never": r"\n+", "hashtags": r"[,;\s]+"}
LEAST_ROWS, ROWS_MORE = 3, 2  # of facts


def brief_given(post: QueryDict) -> dict[str, Any]:
    """The fields of engine/brief.py as typed, with campaign and voice; what was left empty is None."""
    given: dict[str, Any] = {name: post.get(name, "").strip() or None for name in LINES}
    for name in NUMBERS:
        typed = re.sub(r"\s", "", post.get(name, ""))
        given[name] = int(typed) if typed.isdecimal() and len(typed) < 7 else typed or None
    for name, splits_at in LISTS.items():
        given[name] = [word.strip() for word in re.split(splits_at, post.get(name, "")) if word.strip()]
    given["law_packs"] = post.getlist("law_packs")
    given["automatic"] = bool(post.get("automatic"))
    sources = post.getlist("source")
    texts = enumerate(post.getlist("fact")[: 2 * MOST_FACTS])
    facts = [{"text": text, "source": sources[at] if at < len(sources) else ""} for at, text in texts]
    given["facts"] = [fact for fact in facts if fact["text"].strip()]
    for name in ("campaign_id", "voice_id"):
        typed = post.get(name, "")
        given[name] = int(typed) if typed.isdecimal() and len(typed) < 19 else None
    return given


def as_given(stored: StoredBrief) -> dict[str, Any]:
    """A kept brief in the same shape."""
    return {**stored.content, "campaign_id": stored.campaign_id, "voice_id": stored.voice_id}


def form_context(workspace_id: int, given: dict[str, Any], rows: int = 0) -> dict[str, Any]:
    """What the form's template shows: the values, rows for facts, and what can be chosen."""
    facts = list(given.get("facts") or [])
    empty = max(LEAST_ROWS - len(facts), 1, rows - len(facts))
    shown = {name: "\n".join(given.get(name) or ()) for name in ("must", "never")}
    shown["hashtags"] = " ".join(given.get("hashtags") or ())
    languages = {language: {kind.value for kind in variant_kinds(language)} for language in LANGUAGES}
    return {
        "given": {"language": "fr", "register": "vous", "shortest": 80, "longest": 600, **_said(given), **shown},
        "facts": (facts + [{"text": "", "source": ""}] * empty)[:MOST_FACTS],
        "kinds": [(kind, name, any(kind in known for known in languages.values())) for kind, name in KINDS.items()],
        "languages": LANGUAGES,
        "tones": TONES.items(),
        "registers": REGISTERS.items(),
        "networks": NETWORKS,
        "formats": FORMATS,
        "considerations": CONSIDERATIONS.items(),
        "packs": list(law_book().packs.values()),
        "brands": [brand.name for brand in list_brands(workspace_id)],
        "campaigns": list_campaigns(workspace_id, limit=100).items,
        "voices": Voice.objects.filter(workspace_id=workspace_id, archived_at=None).order_by("name"),
    }


def _said(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def refusal_told(refusal: Refusal) -> dict[str, str]:
    """A refusal beside the form: the frequent ones in the reader's language."""
    place = getattr(refusal, "place", "")
    if isinstance(refusal, IdeaMissing):
        return {"text": _("The brief has no idea."), "hint": _("Write the one thing that it is about, in your words.")}
    if isinstance(refusal, FactMissing):
        return {
            "text": _("The brief has no fact."),
            "hint": _("Give at least one sentence that is true and may be said."),
        }
    if isinstance(refusal, BriefNewer):
        return {
            "text": _("Somebody changed this brief meanwhile."),
            "hint": _("Look at it as it is now, then change it."),
        }
    return {"text": refusal.message, "hint": refusal.hint, "place": place}
