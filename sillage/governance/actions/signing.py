"""The key with which a workspace signs: made when it is first needed, replaced by an owner."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sealing import seal
from sillage.governance.engine.signing import KeyPair
from sillage.governance.models import SigningKey, Workspace
from sillage.governance.queries import sealing_key
from sillage.governance.queries.approval_files import SIGNING, open_key


def signing_key(workspace_id: int, now: datetime) -> tuple[SigningKey, KeyPair]:
    """The key that signs now, as part of the action that signs; the workspace's first is made here."""
    row = SigningKey.objects.filter(workspace_id=workspace_id, retired_at=None).first()
    if row is None:
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)  # one of two makes it
        row = SigningKey.objects.filter(workspace_id=workspace_id, retired_at=None).first()
    row = row or _make(workspace_id, now)
    return row, open_key(row)


def _make(workspace_id: int, now: datetime) -> SigningKey:
    pair = KeyPair(Ed25519PrivateKey.generate().private_bytes_raw())
    return SigningKey.objects.create(
        workspace_id=workspace_id,
        name=pair.name,
        public=pair.public,
        private_sealed=seal(sealing_key(workspace_id, SIGNING), pair.private),
        made_at=now,
    )


@transaction.atomic
def rotate_signing_key(*, actor: Actor, now: datetime) -> SigningKey:
    """Sign with a new key from now on. The old one signs nothing more; what it signed is verified with it still."""
    require(actor, Right.ADMIN)
    Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)
    old = SigningKey.objects.filter(workspace_id=actor.workspace_id, retired_at=None).first()
    if old is not None:
        old.retired_at = now
        old.save(update_fields=["retired_at"])
    made = _make(actor.workspace_id, now)
    record(
        verb="governance.signing_key_rotated",
        subject_kind="signing_key",
        subject_id=made.pk,
        actor=actor,
        now=now,
        facts={"key": made.name, "public": bytes(made.public).hex(), "retired": old.name if old else None},
    )
    return made
