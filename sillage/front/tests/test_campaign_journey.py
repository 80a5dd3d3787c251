"""From a brief to a file of evidence, through real pages in a browser: four people, and a creator by her link."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from conftest import PASSWORD
from sillage.campaigns.models import Collaboration, Deliverable
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import Batch, PostRecord
from sillage.discovery.tests.conftest import fill
from sillage.front.tests.test_browser_pages import CHROMIUM
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Role
from sillage.governance.models import ApprovalRequest, Member
from sillage.governance.queries import actor_of, verify_ledger

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
if not CHROMIUM.exists():  # the end of the run says it loudly
    pytestmark.append(pytest.mark.skip(reason=f"there is no {CHROMIUM}"))

SAID = "Semis de tomates au potager avec le compost Terre Vive : terreau, lumière et patience. @terrevive #terrevive"
LAWFUL = f"Publicité · {SAID}"
SHOTS = os.environ.get("SILLAGE_TEST_SHOTS", "")


@pytest.fixture(scope="module", autouse=True)
def _browser_in_this_thread() -> Iterator[None]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def mia(ada: Actor) -> Actor:
    """A manager, who approves what Ada asks for."""
    member = governance.add_member(
        email="mia@example.org", name="Mia", role=Role.MANAGER, password=PASSWORD, actor=ada, now=timezone.now()
    )
    return actor_of(member, member.person)


@pytest.fixture
def olga(ada: Actor) -> Actor:
    """A second owner: drafts need two people."""
    member = governance.add_member(
        email="olga@example.org", name="Olga", role=Role.OWNER, password=PASSWORD, actor=ada, now=timezone.now()
    )
    return actor_of(member, member.person)


@pytest.fixture
def seat(live_server: Any) -> Iterator[Callable[..., Any]]:
    """`seat(actor)` is that person's own browser; `seat(None)` is one of somebody without an account."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])

        def taken(actor: Actor | None, width: int = 1280) -> Any:
            context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
            context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
            if actor is not None:
                session = Client()
                session.force_login(Member.objects.get(pk=actor.member_id).person)
                cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.set_default_timeout(30_000)
            return page

        yield taken
        browser.close()
        connection.close()  # it belongs to Playwright's loop: nobody could close it later


WAITS = """() => {
    document.documentElement.setAttribute("data-waits", "");
    document.addEventListener("htmx:afterSettle", () => document.documentElement.removeAttribute("data-waits"));
}"""


def _press(page: Any, name: str | re.Pattern[str]) -> None:
    """A button is pressed, and its answer is there: another page, which knows of no waiting, or a part of this one."""
    page.evaluate(WAITS)
    page.get_by_role("button", name=name).first.click()
    page.wait_for_selector("html:not([data-waits])")
    page.wait_for_load_state()
    expect(page.locator(".htmx-request")).to_have_count(0)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{timezone.now():%H%M%S%f}.png", full_page=True)


def _approved(page: Any, verb: str) -> None:
    """The newest request of that act is approved on its page by whoever sits there."""
    request = ApprovalRequest.objects.filter(verb=verb).latest("pk")
    page.goto(f"/w/harbour/approvals/{request.pk}/")
    _press(page, "Yes, do exactly this")


def _said(page: Any) -> str:
    """What the page says, without its navigation."""
    return str(page.locator("main").inner_text())


def test_a_campaign_goes_from_a_brief_to_evidence_that_anybody_can_check(
    seat: Any, ada: Actor, mia: Actor, olga: Actor, tmp_path: Path
) -> None:
    fill(ada, timezone.now())
    desk, office, board = seat(ada), seat(mia), seat(olga)

    row = _shortlisted(desk)
    letter = _invited(desk, office, row)
    phone = seat(None, 390)
    _contracted(desk, office, phone, letter, row)
    _reviewed(desk, office, board, phone, letter, row)
    _published(desk, phone, letter, row, ada)
    _proven(desk, row, tmp_path)
    assert verify_ledger(ada.workspace_id)[1] is None


def _shortlisted(desk: Any) -> Collaboration:
    """Brief -> shortlist -> campaign."""
    desk.goto("/w/harbour/briefs/new/")
    desk.locator("#id_text").fill("Jardinage au potager, compost et semis, en France")
    _press(desk, "Save and find creators")
    desk.wait_for_selector(".candidate")
    desk.get_by_text("Open a campaign").first.click()
    _press(desk, re.compile("with all|with the one"))
    return Collaboration.objects.get(handle="mona")


def _invited(desk: Any, office: Any, row: Collaboration) -> str:
    """An invitation that somebody else approved; returns the address of the creator's link."""
    desk.goto(f"/w/harbour/collaborations/{row.pk}/")
    _press(desk, "Put the letter together")
    assert "responsible" in _said(desk)  # nobody is written to before it is known who processes the data
    desk.goto("/w/harbour/privacy/")
    desk.get_by_label("Legal name").fill("Terre Vive SAS")
    desk.get_by_label("E-mail address for questions about data").fill("donnees@terrevive.example")
    _press(desk, "Write it down")
    desk.goto(f"/w/harbour/collaborations/{row.pk}/")
    _press(desk, "Put the letter together")
    _press(desk, "Ask for approval")
    _approved(office, "campaigns.invite")
    desk.reload()
    _press(desk, "Release it, to copy and send")
    found = re.search(r"/l/[\w-]+/", desk.inner_text("#letter"))
    assert found, "the letter carries the creator's own link"
    _press(desk, "I have sent it")
    row.refresh_from_db()
    assert row.stage == "contacted"
    return found.group()


TERMS = {
    "brand_name": "Terre Vive SAS",
    "brand_address": "1 rue des Semis, 75011 Paris",
    "brand_email": "contrats@terrevive.example",
    "brand_country": "France",
    "creator_name": "Mona Jardin",
    "creator_address": "2 chemin du Potager, 44000 Nantes",
    "creator_email": "mona@example.org",
    "creator_country": "France",
    "missions": "Un film court sur Instagram",
    "payment_terms": "Par virement, trente jours après la facture",
    "rights_uses": "Ses propres réseaux, sans publicité payée",
    "rights_territory": "France",
}


def _moved(desk: Any, row: Collaboration, *stages: str) -> None:
    for stage in stages:
        desk.goto(f"/w/harbour/collaborations/{row.pk}/")
        desk.locator("select[name=to]").select_option(stage)
        _press(desk, re.compile("^Move$"))


def _contracted(desk: Any, office: Any, phone: Any, letter: str, row: Collaboration) -> None:
    """EUR 1,200 need a written contract: without one no work begins. Both sign the same PDF."""
    desk.goto(f"/w/harbour/collaborations/{row.pk}/pay/")
    desk.get_by_label("In words").fill("Un film court")
    desk.get_by_label("Worth before tax").fill("1200")
    _press(desk, "Put it down")
    _moved(desk, row, "agreed", "producing")
    assert "written contract" in _said(desk)
    row.refresh_from_db()
    assert row.stage == "agreed"
    desk.goto(f"/w/harbour/collaborations/{row.pk}/contract/edit/")
    for name, said in TERMS.items():
        desk.locator(f"[name={name}]").fill(said)
    desk.locator("[name=rights_until]").fill("2027-12-31")
    _press(desk, "Keep the draft")
    assert "1,200.00" in _said(desk)
    desk.get_by_label("Who read this text and answers for it").fill("Me Durand")
    _press(desk, "Close this version")
    phone.goto(f"{letter}contract/")
    phone.get_by_label("Your full name").fill("Mona Jardin")
    phone.locator("#agrees").check()
    _press(phone, "Sign the contract")
    desk.reload()
    _press(desk, "Ask for the approval")
    _approved(office, "campaigns.sign")
    desk.reload()
    desk.get_by_label("Your full name").fill("Ada Lovelace")
    desk.locator("#agrees").check()
    _press(desk, re.compile("^Sign$"))
    row.refresh_from_db()
    assert row.stage == "contracted", "the second signature moves the card"
    _moved(desk, row, "producing")
    row.refresh_from_db()
    assert row.stage == "producing"


def _lawful_facts(page: Any) -> None:
    """What the law asks to know of a post: an ordinary one, nothing retouched, nothing made by a machine."""
    for select in page.locator("select[name^='fact.']").all():
        offered = select.evaluate("(s) => [...s.options].map((o) => o.value)")
        select.select_option(next(value for value in ("no", "other", "start", offered[-1]) if value in offered))
    for box in page.locator("input[name^='fact.'][value=none]").all():
        box.check()


def _reviewed(desk: Any, office: Any, board: Any, phone: Any, letter: str, row: Collaboration) -> None:
    """A draft without “Publicité” is refused by the French pack; the corrected one is approved by two people."""
    board.goto("/w/harbour/approvals/rules/")
    board.locator("select[name=act]").select_option("campaigns.publish")
    board.locator("input[name=roles][value=owner]").check()
    board.locator("input[name=roles][value=manager]").check()
    board.locator("input[name=always_two]").check()
    _press(board, re.compile("Add|Keep|Save"))

    desk.goto(f"/w/harbour/collaborations/{row.pk}/deliverables/new/")
    desk.locator("select[name=network]").select_option("instagram")
    desk.locator("select[name=format]").select_option("image")
    desk.locator("[name=say]").fill("compost")
    desk.locator("select[name=consideration]").select_option("paid")
    _press(desk, "Save")
    asked = Deliverable.objects.get(collaboration=row)

    phone.goto(letter)
    phone.locator("form[data-upload] textarea[name=text]").fill(SAID)
    _lawful_facts(phone)
    _press(phone, "Send the draft")
    desk.goto(f"/w/harbour/deliverables/{asked.pk}/")
    assert "A rule blocks this version" in _said(desk) and "FR-DISC-01" in _said(desk)
    expect(desk.get_by_role("button", name="Approve")).to_have_count(0)
    desk.locator("textarea[name=reason]").first.fill("Il manque la mention Publicité.")
    _press(desk, "Ask for changes")

    phone.goto(letter)
    assert "Il manque la mention Publicité." in _said(phone)
    phone.locator("form[data-upload] textarea[name=text]").fill(LAWFUL)
    _press(phone, "Send the next version")
    desk.goto(f"/w/harbour/deliverables/{asked.pk}/")
    assert "A rule blocks this version" not in _said(desk)
    desk.locator("textarea[name=reason]").first.fill("La mention est là.")
    _press(desk, "Approve")
    _press(desk, "All have approved: let it be published")
    asked.refresh_from_db()
    assert asked.state == "in_review", "one person is not two"
    _approved(office, "campaigns.publish")
    desk.goto(f"/w/harbour/deliverables/{asked.pk}/")
    _press(desk, "All have approved: let it be published")
    asked.refresh_from_db()
    assert asked.state == "approved"


def _published(desk: Any, phone: Any, letter: str, row: Collaboration, ada: Actor) -> None:
    """The live post is found, compared with what was approved, and judged again by the same packs."""
    now = timezone.now()
    address = "https://www.instagram.com/p/semis2026/"
    post = PostRecord(
        "instagram", "mona", "semis2026", now - timedelta(minutes=5), text=LAWFUL, url=address, format="image"
    )
    ingest(workspace_id=ada.workspace_id, batch=Batch(posts=(post,)), actor=ada, now=now)
    phone.goto(letter)
    phone.locator("input[name=url]").fill(address)
    _press(phone, "Tell the team")
    asked = Deliverable.objects.get(collaboration=row)
    desk.goto(f"/w/harbour/campaigns/{row.campaign_id}/deliverables/")
    _press(desk, re.compile("Look for|Find"))
    desk.goto(f"/w/harbour/deliverables/{asked.pk}/")
    assert "Word for word what was approved." in _said(desk)
    asked.refresh_from_db()
    assert asked.state == "live"
    row.refresh_from_db()
    assert row.stage == "live", "the draft and the post have moved the card"


def _proven(desk: Any, row: Collaboration, tmp_path: Path) -> None:
    """The evidence is checked by another program, without a database; a changed byte is found and named."""
    desk.goto(f"/w/harbour/collaborations/{row.pk}/")
    with desk.expect_download() as coming:
        desk.get_by_role("button", name="Evidence file").click()
    path = tmp_path / "evidence.zip"
    coming.value.save_as(path)
    assert _checked(path, tmp_path).returncode == 0
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    contract = next(name for name in members if name.endswith(".pdf"))
    members[contract] = members[contract].replace(b"%PDF-1", b"%PDF-2", 1)
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(forged, "w") as other:
        for name, content in members.items():
            other.writestr(name, content)
    found = _checked(forged, tmp_path)
    assert found.returncode == 1 and contract in found.stderr


def _checked(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """`sillage evidence verify`, in a process that could reach no database."""
    nowhere = {"SILLAGE_DATABASE_URL": "postgresql://127.0.0.1:1/none", "SILLAGE_DATA": str(folder / "nowhere")}
    command = [sys.executable, "-m", "sillage", "evidence", "verify", str(path)]
    return subprocess.run(command, env={**os.environ, **nowhere}, capture_output=True, text=True, check=False)
