"""Steps that tests of deliverables share: something is asked for, a draft comes, a post goes out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sillage.campaigns.actions.deliverables import add_deliverable
from sillage.campaigns.actions.drafts import submit_draft
from sillage.campaigns.models import Collaboration, Deliverable, Draft
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord, RawAnswer
from sillage.governance import actions as governance
from sillage.governance.actions.notices import note_contact
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.privacy import Doing
from sillage.governance.models import Link
from sillage.governance.queries import guest_of

LAWFUL = (
    "Publicité pour @terrevive 🌱 J’ai semé mes tomates dans leur compost, et trois semaines après elles me dépassent."
    " Code MONA10 pour -10 %. #terrevive"
)
UNLAWFUL = LAWFUL.removeprefix("Publicité pour ")
KNOWN = {  # nothing left to ask
    "image.retouched": False,
    "image.synthetic": False,
    "image.depicts": [],
    "sector.category": "other",
    "publication.disclosure_place": "start",
}
GIVEN: dict[str, Any] = {
    "name": "Compost post",
    "network": "instagram",
    "format": "image",
    "brief": "Show what grew.",
    "draft_due_on": date(2026, 6, 20),
    "publish_from": date(2026, 6, 22),
    "publish_until": date(2026, 6, 30),
    "never_say": ["miracle"],
    "code": "MONA10",
    "rights_where": "Paid social, France",
    "rights_until": date(2026, 12, 31),
    "consideration": "paid",
    "language": "fr",
    "facts": KNOWN,
}


def asked(collaboration: Collaboration, actor: Actor, now: datetime, **more: Any) -> Deliverable:
    return add_deliverable(collaboration_id=collaboration.pk, given=GIVEN | more, actor=actor, now=now)


def noticed(collaboration: Collaboration, now: datetime) -> None:
    """The creator was told that their data is held: their letter carried it."""
    note_contact(
        workspace_id=collaboration.workspace_id,
        subject_kind="creator",
        subject_id=collaboration.creator_id or 0,
        doing=Doing.CONTACT,
        now=now,
        carries_notice=True,
        language="fr",
    )


def drafted(deliverable: Deliverable, actor: Actor, now: datetime, text: str = LAWFUL, **more: Any) -> Draft:
    return submit_draft(deliverable_id=deliverable.pk, text=text, actor=actor, now=now, **more)


def opened(purpose: Purpose, kind: str, pk: int, actor: Actor, now: datetime) -> tuple[Link, str, Actor]:
    """A link, its secret, and whoever holds it."""
    link, secret = governance.open_link(
        purpose=purpose,
        subject_kind=kind,
        subject_id=pk,
        label="Mona" if purpose is Purpose.COLLABORATION else "Terre Vive",
        expires_at=now + timedelta(days=30),
        actor=actor,
        now=now,
    )
    return link, secret, guest_of(link)


def creator_link(collaboration: Collaboration, actor: Actor, now: datetime) -> tuple[Link, str, Actor]:
    return opened(Purpose.COLLABORATION, "collaboration", collaboration.pk, actor, now)


def review_link(collaboration: Collaboration, actor: Actor, now: datetime) -> tuple[Link, str, Actor]:
    return opened(Purpose.REVIEW, "campaign", collaboration.campaign_id, actor, now)


def published(
    actor: Actor, now: datetime, text: str, *, at: datetime, name: str = "live1", handle: str = "mona", **more: Any
) -> None:
    """The catalogue sees a post of the account, with the network's raw answer."""
    url = f"https://www.instagram.com/p/{name}/"
    post = PostRecord("instagram", handle, name, at, text=text, format="image", url=url, **more)
    answer = RawAnswer("instagram", handle, "media", now, f'{{"id": "{name}", "caption": "…"}}'.encode())
    batch = Batch((AccountRecord("instagram", handle, handle, country="FR"),), (post,), raw=(answer,))
    ingest(workspace_id=actor.workspace_id, batch=batch, actor=actor, now=now)
