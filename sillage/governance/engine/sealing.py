"""Sealed values: what must not be read from the database alone (addresses, private keys).

Fernet (AES-128-CBC with HMAC-SHA256, a fresh nonce each time), its key made by HKDF-SHA256 (RFC 5869) from the installation's
secret, the workspace's salt and a purpose: a value of another workspace, or sealed for something else, does not open.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class SealBroken(Refusal):
    """What is sealed was changed, or sealed with another key."""

    status = 409


def derived_key(secret: bytes, salt: bytes, purpose: str) -> bytes:
    """32 bytes for one workspace and purpose. To bind a value to its row as well, name the row in the purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"sillage " + purpose.encode()).derive(secret)


def seal(key: bytes, plain: bytes) -> bytes:
    """`plain` under a derived key; about a third longer than it, plus 100 bytes."""
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(plain)


def unseal(key: bytes, sealed: bytes) -> bytes:
    """What was sealed. Raises SealBroken when a byte was changed or the key is another one."""
    try:
        return Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed)
    except InvalidToken as error:
        raise SealBroken(
            Sentence(
                "A sealed value does not open: it was changed, or the installation's secret key is not the one it had."
            ),
            Sentence("Bring back SILLAGE_SECRET_KEY (or the file secret_key of the data folder) from a backup."),
        ) from error
