"""The ledger's verbs in people's words, a module per room; a test compares them with what the rooms write."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

from sillage.desk.verbs import campaigns, catalogue, discovery, governance, studio, understanding

VERBS: Mapping[str, str | Promise] = {
    **governance.VERBS,
    **catalogue.VERBS,
    **understanding.VERBS,
    **discovery.VERBS,
    **campaigns.VERBS,
    **studio.VERBS,
}
