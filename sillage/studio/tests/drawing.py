"""Drawings, fonts and an independent reader of credentials, for tests of pictures."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PIL import Image

from sillage.adapters.pictures import shipped_fonts

SVG = "http://www.w3.org/2000/svg"
CARD = f"""<svg xmlns="{SVG}" width="600" height="300" viewBox="0 0 600 300">
  <title>Card for {{{{ first_name }}}}</title>
  <rect width="600" height="300" fill="#f4f1ea" data-fill="ground"/>
  <g font-family="sans-serif" font-size="60">
  <text data-box="40 40 520 120" data-lines="2" data-least="20">{{{{ first_name }}}}</text>
  </g>
  <text font-family="sans-serif" font-size="40" data-box="40 190 520 80" data-least="16">{{{{ code }}}}</text>
</svg>"""


def card(inside: str = "", head: str = "") -> bytes:
    """A drawing with something put into it."""
    return f'{head}<svg xmlns="{SVG}" width="600" height="300">\n{inside}\n</svg>'.encode()


def font_bytes(bold: bool = False) -> bytes:
    """A real font, under its own name."""
    with open(shipped_fonts()[bold].path, "rb") as file:
        return file.read()


def renamed_font(name: str = "Maison Text", bold: bool = False) -> bytes:
    """The same font under another family name of at most the same length, as a brand would upload it."""
    old, new = "DejaVu Sans", name.ljust(11)[:11]
    data = font_bytes(bold)
    assert data.count(old.encode("utf-16-be")) > 0
    return data.replace(old.encode("utf-16-be"), new.encode("utf-16-be")).replace(old.encode(), new.encode())


def photo(colour: str = "teal", size: tuple[int, int] = (8, 8)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


# -- an independent reader of C2PA: JUMBF boxes, COSE, hashes; nothing of the signer's library -----------------------


def boxes(data: bytes) -> list[tuple[str, bytes]]:
    """ISO base media boxes in a row: (type, content)."""
    found, at = [], 0
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8].decode()
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        found.append((kind, data[at + head : at + (length or len(data))]))
        at += length or len(data)
    return found


def label_of(content: bytes) -> str:
    """The label in the description box of a superbox."""
    (kind, told) = boxes(content)[0]
    assert kind == "jumd" and told[16] & 2
    return told[17:].split(b"\0", 1)[0].decode()


def superboxes(content: bytes) -> dict[str, bytes]:
    return {label_of(inner): inner for kind, inner in boxes(content) if kind == "jumb"}


def content_of(superbox: bytes) -> bytes:
    return next(inner for kind, inner in boxes(superbox)[1:] if kind in ("cbor", "json", "bidb"))


def store_of_png(png: bytes) -> tuple[bytes, int, int]:
    """(the JUMBF, where its chunk begins, where it ends)."""
    at = 8
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        if kind == b"caBX":
            return png[at + 8 : at + 8 + length], at, at + 12 + length
        at += 12 + length
    raise AssertionError("no caBX chunk")


def verified(png: bytes) -> dict[str, Any]:
    """Check the newest manifest of a PNG: signature over the claim, hashes of its assertions, hash of the file.

    Returns {"claim", "actions", "manifests", "leaf"}; raises AssertionError where anything does not hold.
    """
    jumbf, starts, ends = store_of_png(png)
    ((kind, store),) = boxes(jumbf)
    assert kind == "jumb" and label_of(store) == "c2pa"
    manifests = superboxes(store)
    newest = superboxes(manifests[list(manifests)[-1]])
    raw = content_of(newest["c2pa.claim.v2"] if "c2pa.claim.v2" in newest else newest["c2pa.claim"])
    claim, leaf = cbor2.loads(raw), _signed_by(content_of(newest["c2pa.signature"]), raw)
    assertions = superboxes(
        newest["c2pa.assertion.store"] if "c2pa.assertion.store" in newest else newest["c2pa.assertions"]
    )
    for named in (
        claim.get("created_assertions", []) + claim.get("gathered_assertions", []) + claim.get("assertions", [])
    ):
        inner = assertions[named["url"].rsplit("/", 1)[-1]]
        assert hashlib.new(named.get("alg") or claim["alg"], inner).digest() == named["hash"]
    _bound(cbor2.loads(content_of(assertions["c2pa.hash.data"])), png, starts, ends)
    actions = cbor2.loads(content_of(assertions["c2pa.actions.v2"]))["actions"]
    return {"claim": claim, "actions": actions, "manifests": manifests, "leaf": leaf, "assertions": assertions}


def _signed_by(cose: bytes, claim: bytes) -> x509.Certificate:
    """COSE_Sign1 over the claim (RFC 9052, 4.4), ES256, with the chain in x5chain."""
    protected, unprotected, payload, signature = cbor2.loads(cose).value
    head = cbor2.loads(protected)
    assert payload is None and head[1] == -7
    chain = head.get(33) or unprotected.get(33) or unprotected.get("x5chain")
    leaf = x509.load_der_x509_certificate(chain[0] if isinstance(chain, list) else chain)
    key = leaf.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signed = cbor2.dumps(["Signature1", protected, b"", claim])
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    if isinstance(chain, list) and len(chain) > 1:
        leaf.verify_directly_issued_by(x509.load_der_x509_certificate(chain[1]))
    return leaf


def _bound(hard: dict[str, Any], png: bytes, starts: int, ends: int) -> None:
    """The hash over all bytes but those that the assertion leaves out, which may be the manifest's chunk only."""
    rest, at = hashlib.new(hard["alg"]), 0
    for left_out in sorted(hard["exclusions"], key=lambda one: one["start"]):
        first, last = left_out["start"], left_out["start"] + left_out["length"]
        assert starts <= first and last <= ends
        rest.update(png[at:first])
        at = last
    rest.update(png[at:])
    assert rest.digest() == hard["hash"]
