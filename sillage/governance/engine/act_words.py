"""What refusals call acts, what acts are about, and the fields of an act."""

from __future__ import annotations

from collections.abc import Mapping

from sillage.governance.engine.acts import Act
from sillage.lib.sentences import Sentence, Term

ACT_WORDS: Mapping[str, Sentence] = {
    "campaigns.client_review": Sentence("Have the client approve a draft"),
    "campaigns.invite": Sentence("Invite a creator"),
    "campaigns.confirm_live": Sentence("Confirm a live post by its words"),
    "campaigns.pay": Sentence("Have a payment made"),
    "campaigns.publish": Sentence("Publish a deliverable"),
    "campaigns.remove": Sentence("Have a post removed"),
    "campaigns.send": Sentence("Send a product"),
    "campaigns.sign": Sentence("Sign a contract"),
    "studio.release": Sentence("Let a text go out"),
}
SUBJECT_WORDS: Mapping[str, Sentence] = {
    "campaign": Sentence("campaign"),
    "collaboration": Sentence("collaboration"),
    "contract": Sentence("contract"),
    "creator": Sentence("creator"),
    "deliverable": Sentence("deliverable"),
    "payment": Sentence("payment"),
    "post": Sentence("post"),
    "shipment": Sentence("parcel"),
    "text": Sentence("text"),
}
FIELD_WORDS: Mapping[str, Sentence] = {
    "beyond_budget": Term("field of an act", "beyond the budget"),
    "campaign": Term("field of an act", "campaign"),
    "caption": Term("field of an act", "caption"),
    "contract": Term("field of an act", "contract"),
    "deliverable": Term("field of an act", "deliverable"),
    "digest": Term("field of an act", "hash of the words"),
    "files": Term("field of an act", "files"),
    "format": Term("field of an act", "format"),
    "grants": Term("field of an act", "what it grants"),
    "kind": Term("field of an act", "kind"),
    "language": Term("field of an act", "language"),
    "law": Term("field of an act", "what rules say"),
    "made_by": Term("field of an act", "who made the words"),
    "media_type": Term("field of an act", "kind of file"),
    "message": Term("field of an act", "message"),
    "name": Term("field of an act", "name"),
    "net": Term("field of an act", "amount before tax"),
    "network": Term("field of an act", "network"),
    "pdf_sha256": Term("field of an act", "hash of the PDF"),
    "recipients": Term("field of an act", "recipients"),
    "sha256": Term("field of an act", "hash"),
    "subject": Term("field of an act", "subject"),
    "tax_note": Term("field of an act", "note on tax"),
    "text": Term("field of an act", "text"),
    "text_sha256": Term("field of an act", "hash of the text"),
    "title": Term("field of an act", "title"),
    "vat": Term("field of an act", "VAT"),
    "vat_rate": Term("field of an act", "VAT rate"),
    "version": Term("field of an act", "version"),
    "what": Term("field of an act", "what it is for"),
}


def act_named(act: Act) -> Sentence:
    """“Have a payment made” (payment 7)."""
    return Sentence(
        "“%(act)s” (%(subject)s %(id)s)",
        act=ACT_WORDS.get(act.verb, act.verb),
        subject=SUBJECT_WORDS.get(act.subject_kind, act.subject_kind),
        id=act.subject_id,
    )
