"""The gallery in a real browser: by keyboard, without a new page where one is not needed, and at the width of a phone."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from sillage.front.tests.test_browser_pages import (
    WIDTHS,
    _browser_in_this_thread,
    browser,
    offences,
    opened,
    pytestmark,
)
from sillage.governance.engine.actors import Actor
from sillage.studio.models import StoredBrief, Text, VariantMark
from sillage.studio.tests.briefing import made

__all__ = ["_browser_in_this_thread", "browser", "opened", "pytestmark"]


def test_pages_of_briefs_and_variants_fit_their_width_and_keep_the_content_policy(opened: Any, ada: Actor) -> None:
    run = made(ada, timezone.now(), wanted=300)
    found = []
    for width in WIDTHS:
        page = opened(width)
        for path in (
            "briefs/",
            "briefs/new/",
            f"briefs/{run.brief_id}/",
            f"briefs/{run.brief_id}/edit/",
            f"runs/{run.pk}/",
        ):
            found += offences(page, f"/w/harbour/studio/{path}", width)
        found += offences(page, f"/w/harbour/studio/runs/{run.pk}/compare/?row=1&row=2&row=3", width)
    assert found == []


def test_a_variant_becomes_a_favourite_by_keyboard_and_the_page_stays(opened: Any, ada: Actor) -> None:
    run = made(ada, timezone.now(), wanted=100)
    page = opened(1280)
    page.goto(f"/w/harbour/studio/runs/{run.pk}/")
    for key in ("j", "j", "f"):
        page.keyboard.press(key)
    expect(page.locator(".variant--favourite")).to_have_count(1)
    assert VariantMark.objects.get().row == run.shown[1]
    expect(page.locator(".variant--favourite [data-favourite]")).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("[data-compared]")).to_contain_text("2 / 4")
    page.locator("#compare button").click()
    expect(page.locator(".variant mark").first).to_be_visible()
    assert page.complaints == []


def test_a_wish_for_more_ranks_anew_and_one_writes_on(opened: Any, ada: Actor) -> None:
    run = made(ada, timezone.now(), wanted=300)
    page = opened(1280)
    page.goto(f"/w/harbour/studio/runs/{run.pk}/")
    page.locator(".variant").nth(3).get_by_role("button", name="More like this").click()
    page.wait_for_selector("text=Ranked anew")
    card = page.locator(".variant").first
    words = card.locator(".variant__text").inner_text()
    card.get_by_role("button", name="Write on with this").click()
    page.wait_for_url("**/studio/texts/**")
    assert Text.objects.get().body == words


def test_a_brief_is_written_with_rows_added_on_the_page(opened: Any, ada: Actor) -> None:
    page = opened(390)
    page.goto("/w/harbour/studio/briefs/new/")
    page.fill("textarea[name=idea]", "Calm skin is worth more than perfect skin")
    for _ in range(2):
        page.get_by_role("button", name="More rows").click()
    expect(page.locator("textarea[name=fact]")).to_have_count(5)
    page.locator("textarea[name=fact]").last.fill("The formula has eleven ingredients.")
    page.get_by_role("button", name="Keep the brief").click()
    page.wait_for_url("**/studio/briefs/*/")
    assert StoredBrief.objects.get().content["facts"][0]["text"] == "The formula has eleven ingredients."
