"""Every page in a real browser: it fits a phone, keeps to the content policy, and is reached with the keyboard.

Needs Chromium: SILLAGE_TEST_CHROMIUM, else what the path has. Pages of other rooms are added to PAGES.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from sillage.campaigns.models import Collaboration
from sillage.campaigns.tests.contract_cast import contract_places
from sillage.campaigns.tests.places import deliverable_places
from sillage.catalogue.models import Account
from sillage.discovery import actions as discovery
from sillage.discovery.tests.conftest import fill
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Member, Receipt
from sillage.studio.tests.being_written import text_places
from sillage.studio.tests.bubble import idea_places
from sillage.studio.tests.interview_cast import interview_places
from sillage.studio.tests.picture_cast import picture_places
from sillage.studio.tests.voice_cast import voice_places

CHROMIUM = Path(os.environ.get("SILLAGE_TEST_CHROMIUM") or which("chromium") or which("google-chrome") or "chromium")
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
if not CHROMIUM.exists():  # the end of the run says it loudly
    pytestmark.append(pytest.mark.skip(reason=f"there is no {CHROMIUM}"))

# Paths below the site; {account}, {creator} and {receipt} are filled in.
PAGES = (
    "/styleguide/",
    "/w/harbour/",
    "/w/harbour/creators/",
    "/w/harbour/creators/?countries=FR&words=potager",
    "/w/harbour/creators/?words=xylophone",
    "/w/harbour/creators/{creator}/",
    "/w/harbour/creators/{creator}/forget/",
    "/w/harbour/creators/{creator}/privacy/",
    "/w/harbour/privacy/",
    "/w/harbour/privacy/record/",
    "/w/harbour/briefs/",
    "/w/harbour/briefs/new/?text=Jardinage+au+potager,+en+France,+pas+de+surf",
    "/w/harbour/briefs/{brief}/",
    "/w/harbour/briefs/{brief}/edit/",
    "/w/harbour/briefs/{brief}/why-not/?account=instagram:star",
    "/w/harbour/shortlists/{shortlist}/?themes=7",
    "/w/harbour/shortlists/{shortlist}/?view=table",
    "/w/harbour/shortlists/{shortlist}/?view=table&sort=-followers&themes=7",
    "/w/harbour/shortlists/{shortlist}/?view=cards",
    "/w/harbour/shortlists/{shortlist}/accounts/{account}/",
    "/w/harbour/lookalikes/{account}/",
    "/w/harbour/exclusions/",
    "/w/harbour/saved-searches/",
    "/w/harbour/compare/",
    "/w/harbour/compare/?a={account}&a={other}",
    "/w/harbour/compare/?a={account}&a={other}&shortlist={shortlist}",
    "/w/harbour/imports/",
    "/w/harbour/comments/",
    "/w/harbour/topics/",
    "/w/harbour/topics/new/",
    "/w/harbour/webhooks/",
    "/w/harbour/calendar/?month=2026-06",
    "/w/harbour/calendar/?week=2026-06-15",
    "/w/harbour/disclosure/",
    "/w/harbour/law/",
    "/w/harbour/law/packs/",
    "/w/harbour/law/packs/fr/",
    "/w/harbour/tags/",
    "/w/harbour/brands/",
    "/w/harbour/models/",
    "/w/harbour/taxonomies/",
    "/w/harbour/archives/",
    "/w/harbour/accounts/{account}/brands/",
    "/w/harbour/accounts/{account}/disclosure/",
    "/w/harbour/accounts/{account}/authenticity/",
    "/w/harbour/accounts/{account}/expected/",
    "/w/harbour/accounts/{account}/originality/",
    "/w/harbour/campaigns/",
    "/w/harbour/campaigns/new/",
    "/w/harbour/campaigns/mine/",
    "/w/harbour/campaigns/{campaign_id}/pipeline/",
    "/w/harbour/campaigns/{campaign_id}/pipeline/?view=table",
    "/w/harbour/campaigns/{campaign_id}/about/",
    "/w/harbour/campaigns/{campaign_id}/edit/",
    "/w/harbour/campaigns/{campaign_id}/activity/",
    "/w/harbour/collaborations/{collaboration_id}/",
    "/w/harbour/campaigns/{campaign_id}/contracts/",
    "/w/harbour/campaigns/{campaign_id}/budget/",
    "/w/harbour/budgets/",
    "/w/harbour/budgets/rates/",
    "/w/harbour/collaborations/{collaboration_id}/contract/?version=2&since=1",
    "/w/harbour/collaborations/{collaboration_id}/contract/?version=1&verify=1",
    "/w/harbour/collaborations/{collaboration_id}/contract/edit/",
    "/w/harbour/collaborations/{collaboration_id}/pay/",
    "/l/{creator_secret}/contract/",
    "/w/harbour/campaigns/{campaign_id}/deliverables/",
    "/w/harbour/collaborations/{collaboration_id}/deliverables/new/",
    "/w/harbour/deliverables/{deliverable_id}/",
    "/l/{creator_secret}/",
    "/l/{review_secret}/review/",
    "/w/harbour/studio/",
    "/w/harbour/studio/texts/new/",
    "/w/harbour/studio/texts/{text_id}/",
    "/w/harbour/studio/texts/{text_id}/?panel=comments",
    "/w/harbour/studio/texts/{text_id}/?panel=versions",
    "/w/harbour/studio/texts/{text_id}/?panel=model",
    "/w/harbour/studio/texts/{text_id}/?panel=checks",
    "/w/harbour/studio/texts/{text_id}/compare/",
    "/w/harbour/studio/texts/{text_id}/originality/",
    "/w/harbour/studio/texts/{text_id}/?panel=originality",
    "/w/harbour/studio/texts/{text_id}/?panel=history",
    "/w/harbour/studio/pictures/",
    "/w/harbour/studio/pictures/{picture_template_id}/",
    "/w/harbour/studio/pictures/batches/{picture_batch_id}/",
    "/w/harbour/studio/originality/",
    "/w/harbour/studio/ideas/",
    "/w/harbour/studio/interviews/",
    "/w/harbour/studio/interviews/{interview_id}/",
    "/w/harbour/studio/interviews/{interview_id}/?stage=2&against=1",
    "/w/harbour/studio/briefs/{composing_id}/compose/",
    "/w/harbour/studio/inspiration/?theme=home.gardening",
    "/w/harbour/studio/palettes/",
    "/w/harbour/studio/palettes/{palette_id}/",
    "/w/harbour/studio/human-checks/",
    "/w/harbour/studio/words/",
    "/w/harbour/studio/writers/",
    "/w/harbour/studio/voices/",
    "/w/harbour/studio/voices/{voice_id}/",
    "/w/harbour/studio/voices/{voice_id}/texts/",
    "/w/harbour/studio/voices/{voice_id}/traits/",
    "/w/harbour/studio/texts/{text_id}/?panel=voice",
    "/w/harbour/coverage/",
    "/w/harbour/approvals/",
    "/w/harbour/approvals/all/",
    "/w/harbour/approvals/rules/",
    "/w/harbour/approvals/keys/",
    "/w/harbour/policies/",
    "/w/harbour/policies/review/",
    "/w/harbour/ledger/",
    "/w/harbour/receipts/{receipt}/?verify=1",
    "/w/harbour/members/",
    "/w/harbour/tokens/",
    "/w/harbour/nothing-here/",
)
WIDTHS = (390, 1280)
expect.set_options(timeout=20_000)  # ms: a machine that does other things besides is slow, not wrong


@pytest.fixture(scope="module", autouse=True)
def _browser_in_this_thread() -> Iterator[None]:
    """Playwright runs an event loop in the test's own thread; Django would refuse its queries there."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def names(ada: Actor) -> dict[str, Any]:
    """A filled workspace, and the numbers that stand in its addresses."""
    fill(ada, timezone.now())
    account, other = Account.objects.get(handle="basile"), Account.objects.get(handle="noe")
    receipt = Receipt.objects.filter(subject_id=str(account.pk))[0]
    brief = discovery.open_brief(given={"text": "Jardinage au potager, pas de surf"}, actor=ada, now=timezone.now())
    made = discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=timezone.now())
    return {
        "account": account.pk,
        "other": other.pk,
        "creator": account.creator_id,
        "receipt": receipt.key,
        "brief": brief.pk,
        "shortlist": made.pk,
        **(campaigning := deliverable_places(ada, timezone.now())),
        **contract_places(Collaboration.objects.get(pk=campaigning["collaboration_id"]), ada, timezone.now()),
        **text_places(ada, timezone.now()),
        **picture_places(ada, timezone.now()),
        **idea_places(ada, timezone.now()),
        **interview_places(ada, timezone.now()),
        **voice_places(ada, timezone.now()),
    }


@pytest.fixture(scope="module")
def browser(_browser_in_this_thread: None) -> Iterator[Any]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, live_server: Any, ada: Actor) -> Iterator[Callable[..., Any]]:
    """`opened(width)` is Ada's browser page; what its console complains of is kept in `complaints`."""
    session = Client()
    session.force_login(Member.objects.get(pk=ada.member_id).person)
    cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
    contexts = []

    def open_page(width: int, **more: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **more)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


def offences(page: Any, path: str, width: int) -> list[str]:
    """What is wrong with a page at a width, in sentences."""
    page.complaints.clear()
    page.goto(path)
    expect(page.locator(".htmx-request")).to_have_count(0)
    found = [f"the console says: {c}" for c in page.complaints if "404 (Not Found)" not in c]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"it is {wider} px too wide"] if wider > 0 else []
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "skip":
        found.append("the first Tab does not reach “Skip to content”")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        found.append("“Skip to content” does not reach the content")
    page.keyboard.press("Tab")
    reaches = "main a[href], main button, main input, main select, main textarea, main summary, main [tabindex='0']"
    if page.locator(reaches).count() and not page.evaluate(
        "document.getElementById('main').contains(document.activeElement)"
    ):
        found.append("Tab after the skip leaves the content")
    return [f"{path} at {width} px: {offence}" for offence in found]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_their_width_keep_the_content_policy_and_are_reached_with_the_keyboard(opened, names, width):
    page = opened(width)
    found = [offence for path in PAGES for offence in offences(page, path.format(**names), width)]

    assert found == []


def test_filters_refresh_the_list_its_address_and_its_counts(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/creators/")

    page.check("#facet-network input[value=instagram]")
    page.wait_for_url("**/creators/?networks=instagram")
    page.locator("#facet-language input[value=en]").check()
    page.wait_for_url("**languages=en**")
    expect(page.locator("#results .identity__name")).to_have_text(["Poppy"])

    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(5)
    assert page.complaints == []


def test_words_are_searched_while_they_are_typed(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/creators/")

    page.locator("#words").press_sequentially("poppy")
    page.wait_for_url("**words=poppy**")
    expect(page.locator("#results tbody tr")).to_have_count(1)

    expect(page.locator("#words")).to_be_focused()


def test_the_order_of_the_list_is_chosen_and_kept(opened, names):
    page = opened(390)
    page.goto("/w/harbour/creators/")

    page.select_option("#sort", "name")
    page.wait_for_url("**sort=name**")

    expect(page.locator("#results .identity__name").first).to_have_text("Basile")


def test_no_more_are_ticked_than_stand_side_by_side_(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/creators/")
    page.evaluate("document.getElementById('compare').dataset.picks = '2'")
    for at in (0, 1):
        page.locator(".table__pick input").nth(at).check()

    expect(page.locator("[data-picked]")).to_have_text("2 / 2")
    expect(page.locator(".table__pick input").nth(2)).to_be_disabled()
    page.locator(".table__pick input").nth(0).uncheck()
    expect(page.locator(".table__pick input").nth(2)).to_be_enabled()


def test_a_button_whose_answer_takes_a_while_says_so_and_is_itself_again_when_one_comes_back(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/briefs/{brief}/edit/".format(**names))
    said = "[data-busy]"
    page.evaluate(
        "addEventListener('pagehide', () => sessionStorage.was = document.querySelector('[data-busy]').innerText)"
    )

    page.get_by_role("button", name="Save and find creators").click()
    page.wait_for_url("**/briefs/{brief}/".format(**names))
    assert page.evaluate("sessionStorage.was") == "Measuring and ranking…"
    page.go_back()

    expect(page.locator(said).first).to_have_text("Save and find creators")


def test_a_receipt_opens_in_a_dialog_is_verified_there_and_gives_the_focus_back(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/creators/{creator}/".format(**names))

    page.locator(".figure .receipt").first.click()
    page.wait_for_selector("#dialog[open] .receipt-paper")
    page.get_by_role("link", name="Verify now").click()
    page.wait_for_selector("#dialog .notice--success")
    page.keyboard.press("Escape")

    expect(page.locator(".figure .receipt").first).to_be_focused()
    assert page.complaints == []


def test_the_ledger_is_verified_without_leaving_the_page(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/ledger/")

    page.get_by_role("button", name="Verify the chain").click()

    expect(page.locator("#ledger-proof .notice--success")).to_contain_text("The chain holds")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_picture_is_drawn_for_the_theme_and_the_room_that_it_has(opened, names, scheme, width):
    page = opened(width, color_scheme=scheme)
    page.goto("/w/harbour/creators/{creator}/".format(**names))
    picture = page.locator(f".picture .on-{scheme} img")
    picture.scroll_into_view_if_needed()
    natural = picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)")

    sources = page.evaluate(
        "[...document.querySelectorAll('.picture img')].filter((i) => i.naturalWidth).map((i) => i.currentSrc)"
    )
    assert len(sources) == 1 and f"ground={scheme}" in sources[0]
    assert picture.bounding_box()["width"] == pytest.approx(natural, abs=1)  # not scaled: its text keeps its size


def test_without_scripts_filters_receipts_and_verification_are_plain_pages(opened, names):
    page = opened(1280, java_script_enabled=False)
    page.goto("/w/harbour/creators/")
    page.check("#facet-language input[value=en]")
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)

    page.locator("#results .receipt").first.click()
    page.get_by_role("link", name="Verify now").click()
    expect(page.locator(".receipt-paper .notice")).to_contain_text("the same value")


def test_a_brief_is_read_while_one_writes_and_its_chips_are_taken_away(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/briefs/new/")

    page.locator("#id_text").press_sequentially("Jardinage en France, pas de surf")
    page.wait_for_selector("#reading .chip--theme")
    expect(page.locator(".read-text .read--country")).to_have_text("France")
    page.locator("#reading label", has=page.locator("input[name=countries]")).click()
    expect(page.locator("#reading input[name=countries]")).to_have_count(0)
    page.locator("#add_theme").fill("Yoga")
    page.keyboard.press("Enter")
    expect(page.locator("#reading input[name=themes]")).to_have_count(2)
    page.get_by_role("button", name="Save and find creators").click()
    page.wait_for_selector(".candidate")

    assert [c for c in page.complaints if "sendAbort" not in c and "afterRequest" not in c] == []


def test_a_slider_ranks_the_list_anew_and_a_line_unfolds_and_is_pinned(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/briefs/{brief}/".format(**names))

    page.locator("#slider-rhythm").fill("60")
    page.wait_for_selector(".trial")
    page.wait_for_url("**rhythm=60**")
    page.locator(".candidate__more > summary").first.click()
    page.wait_for_selector(".candidate .why__total")
    page.locator(".candidate").first.get_by_role("button", name="Pin").click()
    page.wait_for_selector(".decision--pinned")

    expect(page.locator("#decided")).to_contain_text("1 pinned")
    assert page.complaints == []


def test_the_table_is_sorted_ranked_anew_and_decided_about_without_losing_what_is_ticked(opened, names):
    page = opened(390)
    page.goto("/w/harbour/shortlists/{shortlist}/?view=table".format(**names))
    boxes, sheet = page.locator("input[name='a']"), page.locator("#sheet")
    ticked = page.locator("input[name='a']:checked")

    boxes.nth(1).check()
    page.evaluate("document.getElementById('sheet').scrollTo(200, 0)")
    page.locator("#sort-followers").click()
    expect(page.locator("th[aria-sort='descending']")).to_contain_text("Followers")
    expect(ticked).to_have_count(1)
    expect(sheet).to_have_js_property("scrollLeft", 200)

    page.locator(".weights-fold > summary").click()
    page.locator("#slider-rhythm").fill("60")
    expect(page.locator(".trial")).to_be_visible()
    expect(page.locator("th[aria-sort='descending']")).to_contain_text("Followers")
    expect(ticked).to_have_count(1)

    page.locator("[data-pick-all]").check()
    expect(page.locator("[data-picked]")).to_have_text("3")
    page.get_by_role("button", name="Pin").click()
    expect(page.locator("#ranked > .notice--success")).to_contain_text("3 creators are pinned.")
    expect(page.locator(".sheet__row--pinned")).to_have_count(3)
    expect(ticked).to_have_count(0)
    assert page.complaints == []


def test_more_are_ticked_in_the_table_than_stand_side_by_side_and_a_row_says_why(opened, names):
    page = opened(1280)
    page.goto("/w/harbour/shortlists/{shortlist}/?view=table".format(**names))
    page.evaluate("document.getElementById('compare').dataset.picks = '2'")
    boxes, compare = page.locator("input[name='a']"), page.locator("[data-compare]")

    for at in (0, 1, 2):
        boxes.nth(at).check()
    expect(compare).to_be_disabled()
    boxes.nth(2).uncheck()
    expect(compare).to_be_enabled()
    page.locator(".sheet__score").first.click()
    expect(page.locator("#dialog .why__total")).to_be_visible()
    page.keyboard.press("Escape")  # the focus goes back to the first row
    page.keyboard.press("j")
    expect(page.locator("tr[data-line]").nth(1).locator(".identity__name")).to_be_focused()
    compare.click()
    expect(page.locator(".compare__decision")).to_have_count(2)
    page.locator(".compare__decision").first.get_by_role("button", name="Pin").click()
    expect(page.locator(".decision--pinned")).to_have_count(1)
    assert page.complaints == []
