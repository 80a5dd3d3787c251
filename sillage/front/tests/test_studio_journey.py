"""From an idea to a draft, through real pages in a browser, with no model configured: what Ada writes, Mia approves."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.tests.delivering import asked
from sillage.catalogue.models import Account
from sillage.discovery.tests.conftest import fill
from sillage.front.tests.test_browser_pages import CHROMIUM
from sillage.front.tests.test_campaign_journey import (  # noqa: F401  fixtures
    _approved,
    _browser_in_this_thread,
    _press,
    _said,
    mia,
    seat,
)
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Entry
from sillage.governance.queries import verify_ledger
from sillage.studio.models import Choice, ModelCall, StoredBrief, Text, VariantRun

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
if not CHROMIUM.exists():  # the end of the run says it loudly
    pytestmark.append(pytest.mark.skip(reason=f"there is no {CHROMIUM}"))

FACTS = ("Le compost est produit à moins de cinquante kilomètres.", "Il contient 40 % de matière organique.")


def test_an_idea_becomes_a_draft_by_people_s_choices_and_no_model(seat: Any, ada: Actor, mia: Actor) -> None:  # noqa: F811
    deliverable = _asked_for(ada)
    desk, office = seat(ada), seat(mia)
    _briefed(desk)
    _chosen_of_many(desk)
    text = Text.objects.get()
    _written(desk, text)
    _let_go(desk, office, text, deliverable.pk)

    draft = deliverable.drafts.get()
    assert draft.text == text.versions.order_by("-number")[0].body and draft.facts["ai.generated"] is False
    choice = Choice.objects.get()
    assert choice.word == "chosen" and choice.made_by["origin"] == "template"
    assert choice.proposed != choice.final and 0 < choice.distance["words"] < 1
    assert not ModelCall.objects.exists() and not Entry.objects.filter(actor_kind="model").exists()
    assert verify_ledger(ada.workspace_id)[1] is None


def _asked_for(ada: Actor) -> Any:
    """A campaign of Ada's in which Mona owes a post."""
    now = timezone.now()
    fill(ada, now)
    given = {"name": "Spring", "objective": "Make the compost known", "brand": "Terre Vive", "law_packs": ["fr"]}
    campaign = open_campaign(given=given, actor=ada, now=now)
    account = Account.objects.get(workspace_id=ada.workspace_id, handle="mona")
    (row,) = add_collaborations(campaign_id=campaign.pk, accounts=[account.pk], actor=ada, now=now)
    dates = dict.fromkeys(("draft_due_on", "publish_from", "publish_until", "rights_until"))
    return asked(row, ada, now, never_say=[], code="", **dates)


def _briefed(desk: Any) -> None:
    """Without an idea it is refused; the idea is a person's."""
    desk.goto("/w/harbour/studio/briefs/new/")
    for place, fact in enumerate(FACTS):
        desk.locator("[name=fact]").nth(place).fill(fact)
    desk.locator("[name=brand]").fill("Terre Vive")
    desk.locator("[name=product]").fill("le compost Terre Vive")
    desk.locator("[name=link]").fill("terrevive.example")
    desk.locator("[name=label]").fill("Publicité")
    desk.evaluate("document.querySelectorAll('[required]').forEach((field) => field.removeAttribute('required'))")
    _press(desk, "Keep the brief")
    assert "has no idea" in _said(desk) and not StoredBrief.objects.exists()
    desk.locator("[name=idea]").fill("Un bon sol se nourrit avant de se planter")
    _press(desk, "Keep the brief")
    assert "Written by" in _said(desk) and StoredBrief.objects.get().content["idea"].startswith("Un bon sol")


def _chosen_of_many(desk: Any) -> None:
    """Thousands are made, twelve are shown, one is liked and written on."""
    _press(desk, "Make them")
    run = VariantRun.objects.get()
    assert run.made > 1_000 and "Assembled from templates" in _said(desk)
    assert "12 to begin with" in _said(desk)
    desk.locator("[data-favourite]").first.click()
    expect(desk.locator("[data-favourite]").first).to_have_attribute("aria-pressed", "true")
    assert run.marks.get().word == "favourite"
    _press(desk, "Write on with this")


def _written(desk: Any, text: Text) -> None:
    """What is typed is saved by itself, and checked as it is typed."""
    words = desk.locator("#words")
    words.fill(f"{text.body} Et vous , par où commencez-vous ?")
    expect(desk.locator("#state")).to_contain_text("saved")
    expect(desk.locator("#findings")).to_contain_text("No space before a comma")
    words.fill(f"{text.body} Et vous, par où commencez-vous ?")
    expect(desk.locator("#findings")).not_to_contain_text("No space before a comma")
    expect(desk.locator("#state")).to_contain_text("saved")


def _let_go(desk: Any, office: Any, text: Text, deliverable_id: int) -> None:
    """Chosen by Ada, approved by Mia on exactly these words, handed over."""
    badge = desk.locator(".lede .badge")
    _press(desk, "Choose these words")
    expect(badge).to_have_text("chosen")
    _press(desk, "Ask for approval")
    expect(desk.locator("#choice")).to_contain_text("asked by")
    _approved(office, "studio.release")
    desk.goto(f"/w/harbour/studio/texts/{text.pk}/")
    desk.locator("select[name=deliverable]").select_option(str(deliverable_id))
    _press(desk, "Hand over")
    expect(badge).to_have_text("handed over")
    text.refresh_from_db()
    assert text.state == "handed_over" and text.deliverable_id == deliverable_id
