"""With what a workspace signs its pictures: made here when first needed, or the brand's own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.adapters.credentials import Certificate, certificate_of, make_certificate
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sealing import seal, unseal
from sillage.governance.models import Workspace
from sillage.governance.queries.keys import sealing_key
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.models import PictureCertificate
from sillage.studio.queries.pictures import SEALED_KEY, certificate_in_use


class CertificateEnded(Refusal):
    """The brand's own certificate signs nothing more."""


def picture_certificate(workspace_id: int, now: datetime) -> Certificate:
    """The certificate that signs now, as part of the action that signs; one that is missing or has ended is made here.

    One of the brand's own that has ended is not replaced in silence. Raises CertificateEnded.
    """
    row = certificate_in_use(workspace_id)
    if row is not None and row.is_own and row.ends_at <= now:
        raise CertificateEnded(
            Sentence("The brand’s certificate ended on %(ends_at)s.", ends_at=f"{row.ends_at:%Y-%m-%d}"),
            Sentence("Install a newer one."),
        )
    if row is None or row.ends_at <= now:
        row = _made(workspace_id, now)
    return opened_certificate(row)


def opened_certificate(row: PictureCertificate) -> Certificate:
    """From under its seal, as part of signing."""
    key = unseal(sealing_key(row.workspace_id, SEALED_KEY), bytes(row.private_sealed))
    return Certificate(row.chain.encode(), key, row.algorithm)


@transaction.atomic
def _made(workspace_id: int, now: datetime) -> PictureCertificate:
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)  # one of two makes it
    row = certificate_in_use(workspace_id)
    if row is not None and row.ends_at > now:
        return row
    return _put(workspace_id, make_certificate(workspace.name, now), now, is_own=False)


def _put(workspace_id: int, made: Certificate, now: datetime, *, is_own: bool) -> PictureCertificate:
    PictureCertificate.objects.filter(workspace_id=workspace_id, retired_at=None).update(retired_at=now)
    return PictureCertificate.objects.create(
        workspace_id=workspace_id,
        name=made.name,
        chain=made.chain.decode(),
        private_sealed=seal(sealing_key(workspace_id, SEALED_KEY), made.key),
        algorithm=made.algorithm,
        is_own=is_own,
        ends_at=made.ends_at,
        made_at=now,
    )


@transaction.atomic
def install_certificate(*, chain: bytes, key: bytes, actor: Actor, now: datetime) -> PictureCertificate:
    """Sign pictures with the brand's own certificate from now on; what was signed before stays as it is.

    `chain`: PEM, the signing certificate first; `key`: PEM, PKCS #8. It is tried on a picture. Raises CertificateRefused.
    """
    require(actor, Right.ADMIN)
    made = certificate_of(chain, key, now)
    Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)
    row = _put(actor.workspace_id, made, now, is_own=True)
    governance.record(
        verb="studio.picture_certificate_installed",
        subject_kind="picture_certificate",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"certificate": made.name, "ends_at": made.ends_at.isoformat()},
    )
    return row
