"""The keys of a workspace, and approvals as signed files."""

from __future__ import annotations

from datetime import datetime

from sillage.governance.engine.approval_file import FILE, ApprovalFile, Said, sealed_file
from sillage.governance.engine.sealing import unseal
from sillage.governance.engine.signing import KeyPair, Statement
from sillage.governance.models import SigningKey
from sillage.governance.queries.approvals import act_of, get_request, instant, request_signed, standing, word_signed
from sillage.governance.queries.keys import sealing_key
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence

SIGNING = "signing"  # what the private halves are sealed for


class NothingSigned(Refusal):
    """Nothing in this workspace was signed yet, so that there is no key to sign a file with."""


class WordsErased(Refusal):
    """An approval cannot prove itself without the words that it was given for."""


def list_signing_keys(workspace_id: int) -> list[SigningKey]:
    """The newest first: that one signs."""
    return list(SigningKey.objects.filter(workspace_id=workspace_id).order_by("-made_at", "-pk"))


def open_key(row: SigningKey) -> KeyPair:
    """Its private half, to sign with. Raises SealBroken."""
    return KeyPair(unseal(sealing_key(row.workspace_id, SIGNING), bytes(row.private_sealed)))


def get_key_pair(workspace_id: int) -> KeyPair:
    """The key that signs what leaves the workspace as a file."""
    row = SigningKey.objects.filter(workspace_id=workspace_id, retired_at=None).first()
    if row is None:
        raise NothingSigned(
            Sentence("This workspace has signed nothing yet."),
            Sentence("Its key is made when somebody gives their word on a request."),
        )
    return open_key(row)


def approval_file(workspace_id: int, request_id: int, now: datetime) -> bytes:
    """A request with everybody's word as a file that proves itself (engine/approval_file.py)."""
    request = get_request(workspace_id, request_id)
    if request.erased_at is not None:
        raise WordsErased(
            Sentence(
                "What request %(request_id)s was about was erased on %(erased_at)s, with the person.",
                request_id=request_id,
                erased_at=f"{request.erased_at:%Y-%m-%d}",
            ),
            Sentence("Who decided, and when, stands in the ledger; the words cannot be proved any more."),
        )
    words = list(request.approvals.select_related("key").order_by("decided_at", "pk"))
    unsealed = ApprovalFile(
        format=FILE,
        act=act_of(request).as_json(),
        request=request_signed(request),
        words=[Said(**word_signed(word), statement=Statement(**word.statement)) for word in words],
        state={
            "standing": standing(request, now).value,
            "withdrawn_at": instant(request.withdrawn_at) if request.withdrawn_at else None,
            "used_at": instant(request.used_at) if request.used_at else None,
        },
        keys={word.key.name: bytes(word.key.public).hex() for word in words},
    )
    return sealed_file(unsealed, get_key_pair(workspace_id), instant(now))
