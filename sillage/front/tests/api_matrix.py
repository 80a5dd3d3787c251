"""Every endpoint of the API: the right that it asks for, a request that is in order, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.governance.engine.actors import Right
from sillage.studio.tests.interview_cast import sound
from sillage.studio.tests.picture_cast import VALUES, drawing, people
from sillage.understanding.engine.heads import train_head

READ, BRIEF, CATALOGUE, ERASE, ADMIN = Right.READ, Right.BRIEF, Right.CATALOGUE, Right.ERASE, Right.ADMIN


@dataclass(frozen=True)
class Row:
    """The right that a program needs, what it is answered when it has it, and a request that is in order.

    `body` and `query` may be made from the places.
    """

    right: Right
    status: int = 200
    body: Any = None
    query: Any = ()
    form: Any = ()


def _orders() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("orders.csv", b"order_id,ordered_at,amount,currency\n1,2026-06-01,5,EUR\n")}


def _file() -> dict[str, Any]:
    rows = "network,account_id,post_id,published_at\ninstagram,gil,g1,2026-06-01\n"
    return {"file": SimpleUploadedFile("posts.csv", rows.encode()), "mapping": "sillage-posts"}


MONA = "instagram:mona"
HEAD = train_head(
    ["love it", "so good", "hate it", "so bad"],
    np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool),
    ["positive", "negative"],
    is_exclusive=True,
).to_bytes()
NO_TOPICS = {
    "texts": [0],
    "without": 0,
    "loose": 0,
    "terms": 0,
    "step": "week",
    "periods": [],
    "totals": [[]],
    "topics": [],
    "summaries": [],
    "written": None,
}
POLICY = {"act": "made.label", "per_day": 3, "reason": "plain", "expires_at": "2026-07-01T00:00:00Z"}
CORRECTION = {"enricher": "authenticity", "subject_kind": "account", "value": {"credible": True}}
NAMED = {  # what stands in {key} or {enricher} of some paths
    "receipts": lambda p: {"key": p["receipt"]},
    "brands": lambda p: {"key": "terrabelle"},
    "tags": lambda p: {"key": "verger"},
    "accounts": lambda p: {"enricher": "authenticity"},
    "agreement": lambda p: {"enricher": "tone"},
    "learn": lambda p: {"enricher": "tone"},
    "rollback": lambda p: {"enricher": "tone"},
    "creators": lambda p: {"link_id": p["creator_link"]},
    "privacy": lambda p: {"request_id": p["data_request"]},
    "studio": lambda p: {
        "brief_id": p["writing_brief_id"],
        "comment_id": p["text_comment_id"],
        "number": 1,
        "call_id": 10**9,
        "check_id": 10**9,
        "flag": "irony",
        "place": 0,
    },
}
POST_ASKED = {"network": "instagram", "format": "image"}
MATRIX = {
    "GET me": Row(READ),
    "GET members": Row(READ),
    "POST members": Row(ADMIN, 201, {"email": "new@example.org", "role": "reader"}),
    "PATCH members/{member_id}": Row(ADMIN, 200, {"role": "manager"}),
    "DELETE members/{member_id}": Row(ADMIN, 204),
    "GET tokens": Row(READ),
    "POST tokens": Row(ADMIN, 201, {"name": "report", "scopes": ["read"]}),
    "DELETE tokens/{token_id}": Row(ADMIN, 204),
    "GET ledger": Row(READ),
    "GET ledger/verify": Row(READ),
    "GET receipts/{key}": Row(READ),
    "GET receipts/{key}/verify": Row(READ),
    "GET accounts": Row(READ, query={"words": "jardin", "countries": ["FR"]}),
    "GET accounts/facets": Row(READ),
    "GET accounts/{key}": Row(READ),
    "GET creators/{key}": Row(READ),
    "DELETE creators/{key}": Row(ERASE),
    "GET brands": Row(READ),
    "POST brands": Row(CATALOGUE, 201, {"name": "Halden", "handles": ["halden"]}),
    "PATCH brands/{key}": Row(CATALOGUE, 200, {"aliases": ["Terra"]}),
    "DELETE brands/{key}": Row(CATALOGUE, 204),
    "GET coverage": Row(READ),
    "GET mappings": Row(READ),
    "GET imports": Row(READ),
    "POST imports": Row(CATALOGUE, form=_file),
    "POST imports/dry-run": Row(CATALOGUE, form=_file),
    "GET connections": Row(READ),
    "POST connections": Row(CATALOGUE, 201, {"network": "bluesky", "targets": ["mona.example.org"]}),
    "POST connections/{connection_id}/fetch": Row(CATALOGUE, 422),  # an address of the own network is refused
    "GET themes": Row(READ),
    "POST enrich": Row(CATALOGUE, 200, {}),
    "POST readings": Row(CATALOGUE),
    "GET readings/{reading_id}": Row(READ),
    "GET accounts/{key}/profile": Row(READ),
    "GET accounts/{key}/posts": Row(READ),
    "GET briefs": Row(READ),
    "POST briefs": Row(BRIEF, 201, {"text": "jardinage"}),
    "POST briefs/read": Row(READ, 200, {"text": "jardinage"}),
    "GET briefs/{brief_id}": Row(READ),
    "PATCH briefs/{brief_id}": Row(BRIEF, 200, {"title": "Potagers"}),
    "PUT briefs/{brief_id}/weights": Row(BRIEF, 200, {"weights": {"themes": 10}}),
    "GET briefs/{brief_id}/weights/suggestion": Row(READ),
    "POST briefs/{brief_id}/archive": Row(BRIEF),
    "POST briefs/{brief_id}/restore": Row(BRIEF, 409),  # it is not put away
    "POST briefs/{brief_id}/shortlists": Row(BRIEF, 201, {"limit": 3}),
    "GET briefs/{brief_id}/shortlists/latest": Row(READ),
    "GET briefs/{brief_id}/why": Row(READ, query={"account": MONA}),
    "GET briefs/{brief_id}/decisions": Row(READ),
    "POST briefs/{brief_id}/decisions": Row(BRIEF, 201, {"kind": "pinned", "accounts": [MONA]}),
    "POST briefs/{brief_id}/pin": Row(BRIEF, 201, {"account": MONA}),
    "POST briefs/{brief_id}/dismiss": Row(BRIEF, 201, {"account": MONA, "reason": "under contract"}),
    "POST briefs/{brief_id}/withdraw": Row(BRIEF, 201, {"account": MONA}),
    "GET shortlists/{shortlist_id}": Row(READ),
    "POST shortlists/{shortlist_id}/rerank": Row(READ, 200, {"weights": {"words": 50}}),
    "GET shortlists/{shortlist_id}/export": Row(READ, query={"format": "csv"}),
    "POST lookalikes": Row(READ, 200, {"accounts": [MONA]}),
    "GET exclusion-lists": Row(READ),
    "POST exclusion-lists": Row(BRIEF, 200, {"name": "competitors", "accounts": [MONA]}),
    "POST exclusion-lists/remove": Row(BRIEF, 200, {"name": "known", "accounts": [MONA]}),
    "DELETE exclusion-lists": Row(BRIEF, 204, query={"name": "known"}),
    "GET searches": Row(READ),
    "POST searches": Row(BRIEF, 200, {"name": "gardens", "words": "jardin"}),
    "POST searches/rename": Row(BRIEF, 200, {"name": "kept", "to": "kept for later"}),
    "DELETE searches": Row(BRIEF, 204, query={"name": "kept"}),
    "GET law": Row(READ),
    "POST law/check": Row(READ, 200, {"caption": "Publicité - ma routine", "country": "FR", "consideration": "gift"}),
    "GET accounts/{key}/brands": Row(READ),
    "GET accounts/{key}/disclosure": Row(READ),
    "GET disclosure": Row(READ),
    "GET accounts/{key}/signals/{enricher}": Row(READ),
    "GET accounts/{key}/contests": Row(READ),
    "POST accounts/{key}/adult": Row(ERASE, 404, {"reason": "Gardens since 2011"}),
    "POST accounts/{key}/contests": Row(BRIEF, 200, {"text": "A prize drew them.", "stated_by": "Mona"}),
    "POST contests/{contest_id}/answer": Row(BRIEF, 200, {"answer": "Thank you."}),
    "GET archives": Row(READ),
    "POST archives": Row(CATALOGUE, 200, {"brand": "terrabelle", "texts": ["Un potager pour tous."]}),
    "GET corrections": Row(
        READ, query=lambda p: {"account_id": p["mona"], "subject_kind": "account", "subject_id": p["mona"]}
    ),
    "POST corrections": Row(BRIEF, 201, lambda p: CORRECTION | {"account_id": p["mona"], "subject_id": p["mona"]}),
    "DELETE corrections/{correction_id}": Row(BRIEF, 403),  # somebody else said it
    "GET agreement/{enricher}": Row(READ),
    "GET tags": Row(READ),
    "POST tags": Row(BRIEF, 201, {"name": "Potagers"}),
    "DELETE tags/{key}": Row(BRIEF, 204),
    "GET heads": Row(READ),
    "GET heads/{head_id}": Row(READ),
    "POST learn/{enricher}": Row(CATALOGUE, 409, {}),  # nobody has corrected enough
    "POST heads/{head_id}/compare": Row(CATALOGUE, 409),  # it was refused already
    "POST heads/{head_id}/promote": Row(CATALOGUE, 409, {}),
    "POST heads/{head_id}/refuse": Row(CATALOGUE, 409, {"reason": "too few"}),
    "POST rollback/{enricher}": Row(CATALOGUE, 409),  # what ships reads
    "GET taxonomies": Row(READ),
    "GET taxonomies/themes": Row(READ),
    "GET topic-maps": Row(READ),
    "POST topic-maps": Row(BRIEF, 422, {"scope": {"kind": "comments"}}),  # too few texts
    "GET topic-maps/{map_id}": Row(READ),
    "DELETE topic-maps/{map_id}": Row(BRIEF, 204),
    "GET approvals": Row(READ),
    "GET approvals/awaiting": Row(READ),
    "GET approvals/rules": Row(READ),
    "POST approvals/rules": Row(ADMIN, 201, {"act": "campaigns.pay", "up_to": "500.00", "currency": "EUR"}),
    "DELETE approvals/rules/{rule_id}": Row(ADMIN, 204),
    "GET approvals/keys": Row(READ),
    "POST approvals/keys": Row(ADMIN, 201),
    "GET approvals/{approval_id}": Row(READ),
    "GET approvals/{approval_id}/file": Row(READ),
    "POST approvals/{approval_id}/decide": Row(Right.APPROVE, 200, {"verdict": "approved"}),
    "POST approvals/{approval_id}/withdraw": Row(Right.CAMPAIGN, 403),  # somebody else asked
    "GET policies": Row(READ),
    "POST policies": Row(Right.APPROVE, 422, POLICY),  # nothing that a machine may do and a person undo
    "POST policies/stop": Row(Right.CAMPAIGN, 200, {"reason": "enough"}),
    "POST policies/resume": Row(Right.APPROVE, 409, {}),  # they are not stopped
    "POST policies/{policy_id}/end": Row(Right.APPROVE, 204),
    "GET policy-uses": Row(READ),
    "GET policy-uses/to-review": Row(READ),
    "POST policy-uses/{use_id}/judge": Row(Right.CAMPAIGN, 200, {"is_right": True}),
    "POST policy-uses/{use_id}/undo": Row(Right.CAMPAIGN, 409, {}),  # nobody knows how
    "GET collaborations/{collaboration_id}/considerations": Row(READ),
    "POST collaborations/{collaboration_id}/considerations": Row(
        Right.CAMPAIGN, 201, {"kind": "gift", "text": "Compost bin", "amount": "149.90"}
    ),
    "DELETE considerations/{consideration_id}": Row(Right.CAMPAIGN),
    "GET collaborations/{collaboration_id}/contract-duty": Row(READ),
    "GET campaigns/{campaign_id}/contracts": Row(READ),
    "GET collaborations/{collaboration_id}/contract": Row(READ),
    "PUT collaborations/{collaboration_id}/contract": Row(Right.CAMPAIGN, 200, {"terms": {"language": "en"}}),
    "GET contracts/{contract_id}": Row(READ),
    "GET contracts/{contract_id}/versions/{number}/pdf": Row(READ),
    "POST contracts/{contract_id}/send": Row(Right.CAMPAIGN, 200, {"read_by": "Me Lambert"}),
    "POST contracts/{contract_id}/ask-to-sign": Row(Right.CAMPAIGN, 201),
    "POST contracts/{contract_id}/sign": Row(  # nobody approved it
        Right.CAMPAIGN, 403, lambda p: {"name": "Ada Martin", "agrees": True, "seen_pdf": p["pdf_sha256"]}
    ),
    "POST contracts/{contract_id}/void": Row(Right.CAMPAIGN, 200, {"reason": "Recalled"}),
    "GET contracts/{contract_id}/verify": Row(READ),
    "GET budgets": Row(READ),
    "GET campaigns/{campaign_id}/budget": Row(READ),
    "GET campaigns/{campaign_id}/budget-lines": Row(READ),
    "POST campaigns/{campaign_id}/budget-lines": Row(
        Right.CAMPAIGN, 201, {"category": "production", "label": "Studio", "amount": "900"}
    ),
    "DELETE budget-lines/{line_id}": Row(Right.CAMPAIGN, 204),
    "GET campaigns/{campaign_id}/payments": Row(READ),
    "POST campaigns/{campaign_id}/payments": Row(
        Right.CAMPAIGN, 201, {"recipient": "Studio Lux", "what": "Filming", "net": "80"}
    ),
    "GET campaigns/{campaign_id}/payments/export": Row(READ),
    "POST payments/{payment_id}/ask-again": Row(Right.CAMPAIGN),
    "POST payments/{payment_id}/confirm": Row(  # nobody approved it
        Right.CAMPAIGN, 403, {"paid_on": "2026-06-15", "reference": "SEPA 4711"}
    ),
    "POST payments/{payment_id}/withdraw": Row(Right.CAMPAIGN),
    "GET exchange-rates": Row(READ),
    "POST exchange-rates": Row(
        Right.CAMPAIGN,
        201,
        {"rates": [{"base": "CHF", "quote": "EUR", "rate": "1.05", "on": "2026-06-01", "source": "ECB"}]},
    ),
    "GET campaigns": Row(READ),
    "POST campaigns": Row(Right.CAMPAIGN, 201, {"name": "Spring", "objective": "Compost", "brand": "Terrabelle"}),
    "GET campaigns/{campaign_id}": Row(READ),
    "PATCH campaigns/{campaign_id}": Row(Right.CAMPAIGN, 200, {"name": "Summer"}),
    "POST campaigns/{campaign_id}/duplicate": Row(Right.CAMPAIGN, 201, {"name": "Autumn"}),
    "POST campaigns/{campaign_id}/archive": Row(Right.CAMPAIGN),
    "POST campaigns/{campaign_id}/restore": Row(Right.CAMPAIGN, 409),  # it was not put away
    "GET campaigns/{campaign_id}/collaborations": Row(READ),
    "POST campaigns/{campaign_id}/collaborations": Row(Right.CAMPAIGN, 201, {"accounts": [MONA]}),
    "POST campaigns/{campaign_id}/moves": Row(
        Right.CAMPAIGN, 200, lambda p: {"to": "closed", "collaborations": {str(p["collaboration_id"]): None}}
    ),
    "GET collaborations/{collaboration_id}": Row(READ),
    "GET collaborations/{collaboration_id}/moves": Row(READ),
    "POST collaborations/{collaboration_id}/moves": Row(Right.CAMPAIGN, 200, {"to": "closed", "reason": "too dear"}),
    "POST collaborations/{collaboration_id}/undo": Row(Right.CAMPAIGN, 409, {}),  # it has not moved
    "PUT collaborations/{collaboration_id}/owner": Row(Right.CAMPAIGN, 200, {"member_id": None}),
    "GET collaborations/{collaboration_id}/notes": Row(READ),
    "POST collaborations/{collaboration_id}/notes": Row(Right.CAMPAIGN, 201, {"text": "She answered."}),
    "GET mentions": Row(READ),
    "GET reminders": Row(READ),
    "POST campaigns/{campaign_id}/reminders": Row(Right.CAMPAIGN, 201, {"text": "Call", "due_on": "2026-06-20"}),
    "POST reminders/{reminder_id}/done": Row(Right.CAMPAIGN),
    "GET calendar": Row(READ, query={"first": "2026-06-01", "last": "2026-06-30"}),
    "POST calendar/links": Row(Right.CAMPAIGN, 201, {"label": "phone"}),
    "DELETE calendar/links/{link_id}": Row(Right.CAMPAIGN, 204),
    "GET campaigns/{campaign_id}/invitations": Row(READ),
    "POST collaborations/{collaboration_id}/invitations": Row(Right.CAMPAIGN, 201, {}),
    "PATCH invitations/{invitation_id}": Row(Right.CAMPAIGN, 200, {"subject": "Hello"}),
    "POST invitations/{invitation_id}/ask": Row(Right.CAMPAIGN),
    "POST invitations/{invitation_id}/release": Row(Right.CAMPAIGN, 403),  # nobody approved it
    "POST invitations/{invitation_id}/confirm": Row(Right.CAMPAIGN, 409),  # it was not released
    "POST invitations/{invitation_id}/resume": Row(Right.CAMPAIGN, 409, {"went_out": True}),
    "POST invitations/{invitation_id}/drop": Row(Right.CAMPAIGN),
    "POST campaigns/{campaign_id}/invitation-plans": Row(
        Right.CAMPAIGN, 201, lambda p: {"collaborations": [p["collaboration_id"]]}
    ),
    "POST invitation-plans/{plan_id}/ask": Row(Right.CAMPAIGN),
    "POST invitation-plans/{plan_id}/release": Row(Right.CAMPAIGN, 403),  # nor this list
    "GET webhooks": Row(ADMIN),
    "POST webhooks": Row(ADMIN, 201, {"url": "https://hooks.example.org/", "label": "Report", "events": ["*"]}),
    "PATCH webhooks/{webhook_id}": Row(ADMIN, 200, {"label": "Reports"}),
    "DELETE webhooks/{webhook_id}": Row(ADMIN, 204),
    "POST webhooks/{webhook_id}/rotate": Row(ADMIN),
    "POST webhooks/{webhook_id}/pause": Row(ADMIN),
    "POST webhooks/{webhook_id}/resume": Row(ADMIN),
    "POST webhooks/{webhook_id}/ping": Row(ADMIN, 201),
    "POST webhooks/{webhook_id}/replay": Row(ADMIN, 200, {"first": 1, "last": 3}),
    "GET webhooks/{webhook_id}/deliveries": Row(ADMIN),
    "POST deliveries/{delivery_id}/redeliver": Row(ADMIN),
    "GET privacy/controller": Row(READ),
    "PATCH privacy/controller": Row(ADMIN, 200, {"officer": "dpo@example.org"}),
    "GET privacy/record": Row(READ),
    "GET privacy/notices": Row(READ),
    "GET creators/{key}/notice": Row(READ),
    "POST creators/{key}/notice": Row(Right.CAMPAIGN, 200, {"how": "email"}),
    "GET creators/{key}/links": Row(READ),
    "POST creators/{key}/links": Row(Right.CAMPAIGN, 201, {"days": 30}),
    "DELETE creators/{key}/links/{link_id}": Row(Right.CAMPAIGN, 204),
    "GET creators/{key}/data": Row(ERASE),
    "GET privacy/requests": Row(ERASE),
    "POST privacy/requests": Row(ERASE, 201, {"kind": "access", "creator": MONA}),
    "GET privacy/requests/{request_id}": Row(ERASE),
    "POST privacy/requests/{request_id}/identity": Row(ERASE, 200, {"text": "Wrote from the account."}),
    "POST privacy/requests/{request_id}/extend": Row(ERASE, 409, {"text": "Several networks."}),  # the month is over
    "POST privacy/requests/{request_id}/answer": Row(ERASE, 200, {"text": "Nothing more is derived."}),
    "POST privacy/requests/{request_id}/refuse": Row(ERASE, 200, {"text": "Not them."}),
    "POST privacy/requests/{request_id}/rectify": Row(ERASE, 422),  # it is an objection
    "POST privacy/requests/{request_id}/erase": Row(ERASE, 409),  # it is an objection
    "DELETE privacy/restrictions/{restriction_id}": Row(ERASE, 204),
    "GET privacy/retention": Row(READ),
    "POST privacy/retention": Row(ERASE),
    "GET products": Row(READ),
    "POST products": Row(Right.CAMPAIGN, 201, {"name": "Compost", "reference": "TV-1"}),
    "PUT products/{product_id}/stock": Row(Right.CAMPAIGN, 200, {"free": 1, "seen": 5}),
    "GET shipments": Row(READ),
    "POST collaborations/{collaboration_id}/shipments": Row(
        Right.CAMPAIGN, 201, lambda p: {"product_id": p["product_id"], "quantity": 2}
    ),
    "POST shipments/{shipment_id}/move": Row(Right.CAMPAIGN, 200, {"to": "cancelled"}),
    "POST collaborations/{collaboration_id}/address-link": Row(Right.CAMPAIGN, 201),
    "POST shipments/{shipment_id}/address": Row(Right.CAMPAIGN, 409),  # nothing is ready to be sent
    "GET campaigns/{campaign_id}/seeding": Row(READ),
    "POST campaigns/{campaign_id}/codes": Row(Right.CAMPAIGN, 201, {"discount": "10%"}),
    "DELETE codes/{code_id}": Row(Right.CAMPAIGN),
    "POST campaigns/{campaign_id}/links": Row(Right.CAMPAIGN, 201, {"target": "https://shop.example.com/"}),
    "DELETE tracked-links/{tracked_link_id}": Row(Right.CAMPAIGN),
    "POST campaigns/{campaign_id}/sales/count": Row(Right.CAMPAIGN),
    "POST conversions/imports": Row(Right.CAMPAIGN, form=_orders),
    "GET campaigns/{campaign_id}/deliverables": Row(READ),
    "POST campaigns/{campaign_id}/deliverables": Row(Right.CAMPAIGN, 201, POST_ASKED),
    "POST campaigns/{campaign_id}/deliverables/apply": Row(
        Right.CAMPAIGN,
        200,
        lambda p: {"template_ids": [p["template_id"]], "collaboration_ids": [p["collaboration_id"]]},
    ),
    "POST collaborations/{collaboration_id}/evidence": Row(Right.CAMPAIGN, 200),
    "GET collaborations/{collaboration_id}/deliverables": Row(READ),
    "POST collaborations/{collaboration_id}/deliverables": Row(Right.CAMPAIGN, 201, POST_ASKED),
    "GET deliverables/{deliverable_id}": Row(READ),
    "PUT deliverables/{deliverable_id}": Row(Right.CAMPAIGN, 200, POST_ASKED | {"version": 1}),
    "DELETE deliverables/{deliverable_id}": Row(Right.CAMPAIGN, 409),  # a draft of it came
    "POST deliverables/{deliverable_id}/facts": Row(Right.CAMPAIGN, 200, {"facts": {"image.retouched": False}}),
    "GET deliverables/{deliverable_id}/drafts": Row(READ),
    "POST deliverables/{deliverable_id}/drafts": Row(Right.CAMPAIGN, 201, form=lambda: {"text": "Publicité"}),
    "GET drafts/{draft_id}": Row(READ),
    "POST drafts/{draft_id}/check": Row(Right.CAMPAIGN),
    "POST drafts/{draft_id}/word": Row(Right.CAMPAIGN, 200, {"word": "changes", "reason": "Shorter."}),
    "POST drafts/{draft_id}/threads": Row(Right.CAMPAIGN, 201, {"text": "Why?"}),
    "POST threads/{thread_id}": Row(Right.CAMPAIGN, 200, {"text": "Because."}),
    "GET campaigns/{campaign_id}/live": Row(READ),
    "POST campaigns/{campaign_id}/live/match": Row(Right.CAMPAIGN),
    "POST campaigns/{campaign_id}/live/watch": Row(Right.CAMPAIGN),
    "POST deliverables/{deliverable_id}/live": Row(Right.CAMPAIGN, 200, {"url": "https://www.instagram.com/p/x/"}),
    "POST matches/{match_id}": Row(Right.CAMPAIGN, 200, {"word": "confirm"}),
    "GET comments": Row(READ),
    "GET comments/counts": Row(READ),
    "GET studio/briefs": Row(READ),
    "POST studio/briefs": Row(Right.CAMPAIGN, 201, {"idea": "Slow", "facts": [{"text": "It is slow."}]}),
    "GET studio/briefs/proposed": Row(READ, query=lambda p: {"campaign_id": p["campaign_id"]}),
    "GET studio/briefs/{brief_id}": Row(READ),
    "PATCH studio/briefs/{brief_id}": Row(Right.CAMPAIGN, 200, {"tone": "warm"}),
    "POST studio/briefs/{brief_id}/duplicate": Row(Right.CAMPAIGN, 201, {"title": "Copy"}),
    "POST studio/briefs/{brief_id}/archive": Row(Right.CAMPAIGN),
    "POST studio/briefs/{brief_id}/restore": Row(Right.CAMPAIGN, 409),  # it is not put away
    "GET studio/briefs/{brief_id}/runs": Row(READ),
    "POST studio/briefs/{brief_id}/runs": Row(Right.CAMPAIGN, 201, {"n": 12}),
    "GET studio/runs/{run_id}": Row(READ),
    "GET studio/runs/{run_id}/variants": Row(READ),
    "GET studio/runs/{run_id}/first": Row(READ),
    "GET studio/runs/{run_id}/stream": Row(READ),
    "GET studio/runs/{run_id}/marks": Row(READ),
    "POST studio/runs/{run_id}/marks": Row(Right.CAMPAIGN, 201, {"row": 1, "word": "more"}),
    "DELETE studio/runs/{run_id}/marks/{row}/{word}": Row(Right.CAMPAIGN, 404),  # nobody said it
    "POST studio/runs/{run_id}/variants/{row}/write": Row(Right.CAMPAIGN, 201),
    "GET studio/ideas": Row(READ),
    "POST studio/ideas": Row(Right.CAMPAIGN, 201, {"text": "Show the routine"}),
    "POST studio/ideas/found": Row(Right.CAMPAIGN, 201, lambda p: {"found": p["found_token"]}),
    "POST studio/ideas/{idea_id}/move": Row(Right.CAMPAIGN, 200, {"to": "worth"}),
    "POST studio/ideas/{idea_id}/pin": Row(Right.CAMPAIGN, 200, {"pinned": True}),
    "POST studio/ideas/{idea_id}/rewrite": Row(Right.CAMPAIGN, 200, {"text": "Another"}),
    "POST studio/ideas/{idea_id}/put-away": Row(Right.CAMPAIGN, 200, {}),
    "GET studio/ideas/{idea_id}/comments": Row(READ),
    "POST studio/ideas/{idea_id}/comments": Row(Right.CAMPAIGN, 201, {"said": "Why?"}),
    "POST studio/ideas/{idea_id}/comments/{comment_id}/settle": Row(Right.CAMPAIGN, 404, {}),  # of a text
    "GET studio/palettes": Row(READ),
    "GET studio/palettes/{palette_id}": Row(READ),
    "POST studio/originality": Row(READ, 200, {"text": "Au potager", "theme": "home"}),
    "GET studio/inspiration": Row(READ, query={"theme": "home"}),
    "GET studio/picture-templates": Row(READ),
    "POST studio/picture-templates": Row(Right.CAMPAIGN, 201, form=lambda: {"file": drawing()}),
    "GET studio/picture-templates/{picture_template_id}": Row(READ),
    "POST studio/picture-templates/{picture_template_id}/picture": Row(Right.CAMPAIGN, 200, {"values": VALUES}),
    "POST studio/picture-templates/{picture_template_id}/alt": Row(Right.CAMPAIGN, 200, {"alt": "A card", "seen": 1}),
    "DELETE studio/picture-templates/{picture_template_id}": Row(Right.CAMPAIGN),
    "POST studio/picture-templates/{picture_template_id}/batches": Row(
        Right.CAMPAIGN, 201, form=lambda: {"table": people()}
    ),
    "GET studio/picture-batches/{picture_batch_id}": Row(READ),
    "POST studio/picture-batches/{picture_batch_id}/make": Row(Right.CAMPAIGN),
    "GET studio/picture-batches/{picture_batch_id}/pictures.zip": Row(READ),
    "DELETE studio/picture-batches/{picture_batch_id}": Row(Right.CAMPAIGN, 204),
    "GET studio/pictures/{sha256}/history": Row(READ),
    "GET studio/texts/{text_id}/history": Row(READ),
    "GET studio/texts": Row(READ),
    "POST studio/texts": Row(Right.CAMPAIGN, 201, {"title": "Spring", "kind": "ad", "language": "fr"}),
    "GET studio/texts/{text_id}": Row(READ),
    "PUT studio/texts/{text_id}/words": Row(Right.CAMPAIGN, 200, {"body": "Other", "seen": 2}),
    "POST studio/texts/{text_id}/archive": Row(Right.CAMPAIGN, 200, {}),
    "GET studio/texts/{text_id}/versions": Row(READ),
    "POST studio/texts/{text_id}/versions": Row(Right.CAMPAIGN, 201, {"body": "Other", "seen": 2}),
    "POST studio/texts/{text_id}/versions/{number}/restore": Row(Right.CAMPAIGN, 201, {"seen": 2}),
    "POST studio/texts/{text_id}/check": Row(READ, 200, {}),
    "GET studio/texts/{text_id}/comments": Row(READ),
    "POST studio/texts/{text_id}/comments": Row(Right.CAMPAIGN, 201, {"said": "Why?"}),
    "POST studio/texts/{text_id}/comments/{comment_id}/settle": Row(Right.CAMPAIGN, 200, {}),
    "GET studio/texts/{text_id}/choices": Row(READ),
    "POST studio/texts/{text_id}/choose": Row(Right.CAMPAIGN, 409, {"seen": 2}),  # it is chosen
    "POST studio/texts/{text_id}/refuse": Row(Right.CAMPAIGN, 200, {"seen": 2, "reason": "No."}),
    "POST studio/texts/{text_id}/reopen": Row(Right.CAMPAIGN, 200, {"seen": 2}),
    "POST studio/texts/{text_id}/approval": Row(Right.CAMPAIGN, 201, {"seen": 2}),
    "POST studio/texts/{text_id}/approve": Row(Right.APPROVE, 409, {"seen": 2}),  # it is approved
    "POST studio/texts/{text_id}/hand-over": Row(
        Right.CAMPAIGN, 201, lambda p: {"seen": 2, "deliverable_id": p["deliverable_id"]}
    ),
    "POST studio/checks": Row(READ, 200, {"text": "Un texte."}),
    "GET studio/texts/{text_id}/flags": Row(READ),
    "GET studio/human-checks": Row(READ),
    "POST studio/texts/{text_id}/human-checks": Row(
        Right.CAMPAIGN, 404, {"member_id": 10**9, "flag": "irony", "reason": "Is it?"}
    ),  # no such member
    "POST studio/human-checks/{check_id}/answer": Row(READ, 404, {"answer": "fine"}),  # nobody was asked
    "GET studio/judges": Row(READ),
    "PUT studio/judges/{flag}": Row(Right.APPROVE, 200, lambda p: {"member_id": p["member_id"]}),
    "GET studio/accepted-words": Row(READ),
    "POST studio/accepted-words": Row(Right.CAMPAIGN, 201, {"words": ["Glowlent"], "language": "fr"}),
    "DELETE studio/accepted-words/{word_id}": Row(Right.CAMPAIGN, 204),
    "GET studio/writer": Row(READ),
    "PUT studio/writer/limits": Row(Right.APPROVE, 200, {"calls_per_minute": 5}),
    "GET studio/writer/calls": Row(READ),
    "POST studio/briefs/{brief_id}/compose": Row(Right.CAMPAIGN, 201, {"n": 1}),
    "GET studio/interviews": Row(READ),
    "POST studio/interviews": Row(Right.CAMPAIGN, 201, {"title": "A balcony", "transcript": "ADA: How?"}),
    "GET studio/interviews/{interview_id}": Row(READ),
    "GET studio/interviews/{interview_id}/stages": Row(READ),
    "GET studio/interviews/{interview_id}/export/{form}": Row(READ),
    "PUT studio/interviews/{interview_id}/consent": Row(
        Right.CAMPAIGN, 200, {"who": "Mona", "on": "2026-06-01", "purpose": "Quotes"}
    ),
    "PUT studio/interviews/{interview_id}/speakers": Row(
        Right.CAMPAIGN, 200, {"speakers": [{"label": "MONA", "name": "Mona"}]}
    ),
    "POST studio/interviews/{interview_id}/sound": Row(Right.CAMPAIGN, 201, form=lambda: {"sound": sound()}),
    "POST studio/interviews/{interview_id}/steps": Row(Right.CAMPAIGN, 200, {"word": "confirm", "number": 1}),
    "POST studio/interviews/{interview_id}/words": Row(Right.CAMPAIGN, 201, {"texts": {"0": "Comment ?"}}),
    "POST studio/interviews/{interview_id}/summary": Row(Right.CAMPAIGN, 201, {"keep": [], "take": [0]}),
    "POST studio/interviews/{interview_id}/quotes/{place}/idea": Row(Right.CAMPAIGN, 201, {}),
    "POST studio/interviews/{interview_id}/quotes/{place}/fact": Row(
        Right.CAMPAIGN, 201, lambda p: {"brief_id": p["composing_id"]}
    ),
    "DELETE studio/interviews/{interview_id}": Row(Right.CAMPAIGN, 204),
    "POST studio/briefs/{brief_id}/ask": Row(Right.CAMPAIGN, 409, {"n": 1}),  # no model is set up
    "POST studio/texts/{text_id}/ask": Row(
        Right.CAMPAIGN, 409, {"instruction": "Shorter", "body": "A soil."}
    ),  # nor here
    "POST studio/writer/calls/{call_id}/insert": Row(Right.CAMPAIGN, 404, {"seen": 1}),  # nobody asked
    "POST studio/writer/calls/{call_id}/discard": Row(Right.CAMPAIGN, 404),
    "GET studio/voices": Row(READ),
    "POST studio/voices": Row(Right.CAMPAIGN, 201, {"name": "Other", "language": "fr"}),
    "GET studio/voices/{voice_id}": Row(READ),
    "PUT studio/voices/{voice_id}": Row(Right.CAMPAIGN, 200, {"name": "Aurore"}),
    "PUT studio/voices/{voice_id}/wishes": Row(Right.CAMPAIGN, 200, {"wishes": {"emoji": [0, 1]}}),
    "GET studio/voices/{voice_id}/texts": Row(READ),
    "POST studio/voices/{voice_id}/texts": Row(Right.CAMPAIGN, 200, {"texts": ["Un texte approuvé de plus."]}),
    "DELETE studio/voices/{voice_id}/texts/{voice_text_id}": Row(Right.CAMPAIGN),
    "PUT studio/voices/{voice_id}/examples": Row(Right.CAMPAIGN, 200, {"text_ids": []}),
    "POST studio/voices/{voice_id}/train": Row(Right.CAMPAIGN, 409),  # it is trained from these texts
    "POST studio/voices/{voice_id}/learn": Row(Right.CAMPAIGN, 409),  # nobody chose anything
    "POST studio/voices/{voice_id}/promote": Row(Right.CAMPAIGN, 409, {"number": 1}),  # it is in use
    "POST studio/voices/{voice_id}/archive": Row(Right.CAMPAIGN),
    "POST studio/voices/{voice_id}/restore": Row(Right.CAMPAIGN, 409),  # it is not put away
    "POST studio/voices/{voice_id}/fit": Row(READ, 200, {"text": "Bonjour à vous."}),
}
