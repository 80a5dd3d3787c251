"""What refusals call acts, what acts are about, and the fields of an act."""

from __future__ import annotations

from collections.abc import Mapping

from sillage.governance.engine.acts import Act
from sillage.lib.sentences import Listed, Sentence, Term

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
    "address_from": Term("field of an act", "where the address comes from"),
    "beyond_budget": Term("field of an act", "beyond the budget"),
    "body": Term("field of an act", "words of the letter"),
    "campaign": Term("field of an act", "campaign"),
    "caption": Term("field of an act", "caption"),
    "channel": Term("field of an act", "how it is sent"),
    "contract": Term("field of an act", "contract"),
    "deliverable": Term("field of an act", "deliverable"),
    "digest": Term("field of an act", "hash of the words"),
    "due_on": Term("field of an act", "day on which it is due"),
    "files": Term("field of an act", "files"),
    "format": Term("field of an act", "format"),
    "grants": Term("field of an act", "what it grants"),
    "kind": Term("field of an act", "kind"),
    "language": Term("field of an act", "language"),
    "law": Term("field of an act", "what rules say"),
    "letters": Term("field of an act", "letters"),
    "made_by": Term("field of an act", "who made the words"),
    "media_type": Term("field of an act", "kind of file"),
    "message": Term("field of an act", "message"),
    "name": Term("field of an act", "name"),
    "net": Term("field of an act", "amount before tax"),
    "network": Term("field of an act", "network"),
    "notice": Term("field of an act", "notice about personal data"),
    "pdf_sha256": Term("field of an act", "hash of the PDF"),
    "recipients": Term("field of an act", "recipients"),
    "sha256": Term("field of an act", "hash"),
    "subject": Term("field of an act", "subject"),
    "tax_note": Term("field of an act", "note on tax"),
    "text": Term("field of an act", "text"),
    "text_sha256": Term("field of an act", "hash of the text"),
    "title": Term("field of an act", "title"),
    "to": Term("field of an act", "address"),
    "vat": Term("field of an act", "VAT"),
    "vat_rate": Term("field of an act", "VAT rate"),
    "version": Term("field of an act", "version"),
    "what": Term("field of an act", "what it is for"),
}


class _Steps(Listed):
    """The steps of a path: letters › 12 › subject."""

    __slots__ = ()
    between = " › "


def field_named(path: str) -> object:
    """A field of an act in words, to put into a sentence; each step of its path, where there are words for it."""
    return _Steps(FIELD_WORDS.get(step, step) for step in path.split("."))


def act_words(verb: str) -> str:
    """What an act is called; its verb where there are no words for it."""
    return ACT_WORDS.get(verb, verb)


def act_named(act: Act) -> Sentence:
    """“Have a payment made” (payment 7)."""
    return Sentence(
        "“%(act)s” (%(subject)s %(id)s)",
        act=act_words(act.verb),
        subject=SUBJECT_WORDS.get(act.subject_kind, act.subject_kind),
        id=act.subject_id,
    )
