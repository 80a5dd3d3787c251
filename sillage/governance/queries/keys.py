"""The keys with which a workspace seals (engine/sealing.py). They are made when asked for and stored nowhere."""

from __future__ import annotations

from django.conf import settings

from sillage.governance.engine.sealing import derived_key
from sillage.governance.models import Workspace


def sealing_key(workspace_id: int, purpose: str) -> bytes:
    """32 bytes for `seal` and `unseal`: from the installation's secret, the workspace's salt and the purpose."""
    salt = Workspace.objects.values_list("salt", flat=True).get(pk=workspace_id)
    return derived_key(settings.SECRET_KEY.encode(), bytes(salt), purpose)
