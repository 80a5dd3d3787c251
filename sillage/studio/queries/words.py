"""Words that a workspace accepts for everybody."""

from __future__ import annotations

from django.db.models import QuerySet

from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.models import AcceptedWord


def list_accepted(workspace_id: int, language: str = "") -> QuerySet[AcceptedWord]:
    """In the order of the alphabet, language by language; of one language where it is named."""
    rows = AcceptedWord.objects.filter(workspace_id=workspace_id).select_related("member__person")
    return (rows.filter(language=language) if language else rows).order_by("language", "folded")


def accepted_words(workspace_id: int, language: str) -> frozenset[str]:
    """Folded, as the spelling check takes them."""
    rows = AcceptedWord.objects.filter(workspace_id=workspace_id, language=language)
    return frozenset(rows.values_list("folded", flat=True))


def get_accepted(workspace_id: int, word_id: int, *, lock: bool = False) -> AcceptedWord:
    rows = AcceptedWord.objects.filter(workspace_id=workspace_id, pk=word_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No accepted word %(word_id)s in this workspace.", word_id=word_id),
            Sentence("See the page “Accepted words”, or `sillage studio words list`."),
        )
    return found
