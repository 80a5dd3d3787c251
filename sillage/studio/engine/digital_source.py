"""The IPTC's words for where a picture or a text comes from, which one holds, and how a file says it (XMP).

Definitions: https://cv.iptc.org/newscodes/digitalsourcetype/. Where: C2PA 2.1, action field `digitalSourceType`; IPTC
Photo Metadata Standard, `Iptc4xmpExt:DigitalSourceType` and `Iptc4xmpCore:AltTextAccessibility`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection
from enum import StrEnum
from xml.sax.saxutils import escape

from sillage.governance.engine.law_facts import GENERATED, NOT_GENERATED

BASE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PNG = b"\x89PNG\r\n\x1a\n"


class Source(StrEnum):
    """The terms that Sillage has a use for, with what the IPTC says of them."""

    DIGITAL_CREATION = "digitalCreation"  # created by a human using non-generative tools
    DATA_DRIVEN = "dataDrivenMedia"  # a representation of data via human programming or creativity
    HUMAN_EDITS = "humanEdits"  # augmented, corrected or enhanced by humans using non-generative tools
    COMPOSITE = "composite"  # several elements, any of which may or may not be generative AI
    COMPOSITE_SYNTHETIC = "compositeSynthetic"  # several elements, at least one of which is synthetic
    MODEL_EDITED = "compositeWithTrainedAlgorithmicMedia"  # edited media, with elements of a trained model
    MODEL = "trainedAlgorithmicMedia"  # created by a model derived from sampled content
    CAPTURE = "digitalCapture"  # captured from real life by a digital device

    @property
    def uri(self) -> str:
        return BASE + self.value

    @property
    def is_generated(self) -> bool | None:
        """Whether generative AI had a part in it; None where the term leaves it open."""
        return True if self.value in GENERATED else False if self.value in NOT_GENERATED else None


class Elements(StrEnum):
    """What a person says of the pictures that a template embeds."""

    NONE = "none"
    UNKNOWN = "unknown"
    CAPTURED = "captured"
    CREATED = "created"  # drawn by people
    GENERATED = "generated"


def source_of_picture(
    *, drawn_by_model: bool, elements: Elements, has_variables: bool, words_by_model: bool = False
) -> Source:
    """The term for a picture from a template: what is synthetic in it decides, then what nobody knows of it."""
    if drawn_by_model and elements is Elements.NONE and not has_variables:
        return Source.MODEL
    if drawn_by_model or words_by_model or elements is Elements.GENERATED:
        return Source.COMPOSITE_SYNTHETIC
    if elements is Elements.UNKNOWN:
        return Source.COMPOSITE
    if elements is not Elements.NONE:
        return Source.HUMAN_EDITS
    return Source.DATA_DRIVEN if has_variables else Source.DIGITAL_CREATION


def source_of_words(*, has_model: bool, has_template: bool, has_person: bool) -> Source:
    """The term for a text, by who has words in it today. What is assembled from fragments is not AI: people wrote them."""
    if has_model:
        return Source.MODEL_EDITED if has_person or has_template else Source.MODEL
    if has_template:
        return Source.HUMAN_EDITS if has_person else Source.DATA_DRIVEN
    return Source.DIGITAL_CREATION


def xmp(source: Source, alt: str, tool: str) -> str:
    """A packet of XMP: the digital source type, the alt text (none where it is empty), what made the file."""
    words = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(alt)}</rdf:li></rdf:Alt>'
    said = f"<Iptc4xmpCore:AltTextAccessibility>{words}</Iptc4xmpCore:AltTextAccessibility>"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{source.uri}</Iptc4xmpExt:DigitalSourceType>"
        f"<xmp:CreatorTool>{escape(tool)}</xmp:CreatorTool>{said if alt else ''}"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def png_with(png: bytes, packet: str) -> bytes:
    """A PNG with a packet of XMP behind its head (PNG 3, iTXt; XMP part 3, 1.1.5)."""
    body = b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode()
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    behind = len(_PNG) + 25  # the head, IHDR, is always that long
    return png[:behind] + chunk + png[behind:]


def svg_with(svg: str, packet: str) -> str:
    """An SVG with a packet of XMP in its metadata."""
    at = svg.index(">") + 1
    inner = packet[packet.index("<x:xmpmeta") : packet.index("<?xpacket end")]
    return f"{svg[:at]}<metadata>{inner}</metadata>{svg[at:]}"


def manifest_of(
    source: Source,
    *,
    title: str,
    tool: tuple[str, str],
    template: str,
    digest: str,
    components: Collection[str],
    has_parent: bool,
) -> dict[str, object]:
    """What a picture's Content Credentials say (C2PA 2.1, actions v2): no person's name and none of the values.

    `tool` is (name, version). `components` are labels of ingredients that were placed; a parent is labelled “template”.
    """
    agent = {"name": tool[0], "version": tool[1]}
    begun: dict[str, object] = {"action": "c2pa.created", "digitalSourceType": source.uri, "softwareAgent": agent}
    if has_parent:
        begun = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["template"]}}
    placed = [{"action": "c2pa.placed", "parameters": {"ingredientIds": [label]}} for label in components]
    filled = {
        "action": "c2pa.edited",
        "softwareAgent": agent,
        "description": "Words were set into a template by a rule.",
        "digitalSourceType": source.uri,
    }
    return {
        "title": title,
        "claim_generator_info": [agent],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [begun, *placed, filled]}},
            {"label": "org.sillage.template", "data": {"name": template, "sha256": digest}},
        ],
    }
