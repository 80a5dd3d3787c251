"""Content Credentials (C2PA): pictures are signed with a certificate, and what they carried before stays in them.

Nothing is fetched: no time stamps, no revocation lists, no manifests from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import c2pa
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Day, Sentence

YEARS = 5
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
}
_TRIED = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


class CertificateRefused(Malformed):
    """A certificate with its key cannot sign pictures."""

    title = "Certificate refused"


class CredentialsFailed(Malformed):
    """A picture could not be signed: what it is made of carries credentials that cannot be read, for example."""

    title = "Not signed"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A chain in PEM, the signing certificate first, and its private key in PEM (PKCS #8)."""

    chain: bytes
    key: bytes
    algorithm: str

    @property
    def leaf(self) -> x509.Certificate:
        return x509.load_pem_x509_certificates(self.chain)[0]

    @property
    def name(self) -> str:
        """Its fingerprint: SHA-256, in hex."""
        return self.leaf.fingerprint(hashes.SHA256()).hex()

    @property
    def ends_at(self) -> datetime:
        return self.leaf.not_valid_after_utc


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A file with credentials of its own that went into a picture. `is_parent`: the picture was made out of it."""

    label: str
    title: str
    media_type: str
    data: bytes
    is_parent: bool = False


def make_certificate(organisation: str, now: datetime) -> Certificate:
    """A signing certificate under a root of its own, whose key is thrown away. Validators know neither: “untrusted”.

    C2PA 2.1, 14.5: version 3, digital signature, an extended key usage, not self-signed.
    """
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name(organisation, "Sillage root"), _name(organisation, "Sillage pictures")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, now, is_root=True)
    leaf = _certificate(name, root_name, key.public_key(), root_key, now, is_root=False)
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return Certificate(chain, secret, "es256")


def _name(organisation: str, common: str) -> x509.Name:
    said = (organisation or "Sillage")[:64]
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, said), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    is_root: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=366 * YEARS))
        .add_extension(x509.BasicConstraints(is_root, 0 if is_root else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(_usage(is_root=is_root), critical=True)
    )
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def certificate_of(chain: bytes, key: bytes, now: datetime) -> Certificate:
    """A brand's own certificate chain and key, both PEM, tried on a picture of one point. Raises CertificateRefused."""
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        private = serialization.load_pem_private_key(key, None)
    except (ValueError, TypeError, IndexError, UnsupportedAlgorithm) as error:
        raise CertificateRefused(
            Sentence("The chain or the key is not PEM, or the key has a password."),
            Sentence("Give PEM files, the key as PKCS #8."),
        ) from error
    if not isinstance(private, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise CertificateRefused(
            Sentence("The key is of a kind that does not sign here."), Sentence("Use an EC or Ed25519 key.")
        )
    if leaf.public_key() != private.public_key():
        raise CertificateRefused(
            Sentence("The key is not the certificate's."), Sentence("Put the signing certificate first in the chain.")
        )
    _refuse_untimely(leaf, now)
    curve = private.curve.name if isinstance(private, ec.EllipticCurvePrivateKey) else ""
    algorithm = _CURVES.get(curve, "") if curve else "ed25519"
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made = Certificate(chain, secret, algorithm)
    _try(made)
    return made


def _refuse_untimely(leaf: x509.Certificate, now: datetime) -> None:
    begins, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if now < begins:
        raise CertificateRefused(
            Sentence("The certificate begins on %(day)s.", day=Day(begins)), Sentence("Install it from that day on.")
        )
    if now > ends:
        raise CertificateRefused(
            Sentence("The certificate ended on %(day)s.", day=Day(ends)), Sentence("Renew it first.")
        )


def _try(certificate: Certificate) -> None:
    """Sign a picture of one point and read it back: what is wrong with a certificate is said here and not at each picture."""
    created = {"action": "c2pa.created", "digitalSourceType": "http://c2pa.org/digitalsourcetype/empty"}
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}]}
    try:
        found = read_credentials(Credentials(certificate).signed(_TRIED, "image/png", manifest), "image/png")
    except (CredentialsFailed, c2pa.C2paError) as error:
        raise CertificateRefused(
            Sentence("The certificate does not sign: %(error)s.", error=str(error)[:200]),
            Sentence("See C2PA 2.1, 14.5."),
        ) from error
    faults = [one for one in (found or {}).get("validation_status", ()) if one["code"] != "signingCredential.untrusted"]
    if faults or not found:
        said = "; ".join(str(one.get("explanation") or one["code"]) for one in faults) or Sentence("nothing was signed")
        raise CertificateRefused(
            Sentence("Readers of credentials refuse the certificate: %(said)s.", said=said),
            Sentence("See C2PA 2.1, 14.5."),
        )


class Credentials:
    """Signs one picture after the other with a certificate."""

    def __init__(self, certificate: Certificate) -> None:
        info = c2pa.C2paSignerInfo(certificate.algorithm.encode(), certificate.chain, certificate.key, None)
        try:
            signer = c2pa.Signer.from_info(info)
            self._context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS), signer)
        except c2pa.C2paError as error:
            raise CredentialsFailed(
                Sentence("The certificate does not sign: %(error)s.", error=str(error)[:200]),
                Sentence("Install another."),
            ) from error

    def signed(
        self, data: bytes, media_type: str, manifest: Mapping[str, Any], ingredients: Sequence[Ingredient] = ()
    ) -> bytes:
        """The file with a manifest; the credentials of its ingredients stand in it whole. Raises CredentialsFailed."""
        made = BytesIO()
        try:
            with c2pa.Builder(dict(manifest), self._context) as builder:
                for one in ingredients:
                    relation = "parentOf" if one.is_parent else "componentOf"
                    told = {"title": one.title, "relationship": relation, "label": one.label}
                    builder.add_ingredient_from_stream(told, one.media_type, BytesIO(one.data))
                builder.sign(media_type, BytesIO(data), made)
        except c2pa.C2paError as error:
            raise CredentialsFailed(
                Sentence("The picture was not signed: %(error)s.", error=str(error)[:200]),
                Sentence("Export the template anew."),
            ) from error
        return made.getvalue()


def read_credentials(data: bytes, media_type: str) -> dict[str, Any] | None:
    """What the manifests of a file say, with what does not hold; None where it has none."""
    try:
        with c2pa.Reader(media_type, BytesIO(data)) as reader:
            found: dict[str, Any] = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return None
    return found
