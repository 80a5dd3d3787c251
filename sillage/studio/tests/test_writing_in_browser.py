"""The writing page in a real browser: saved as it is typed, one fix at a time, a conflict told, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sillage.front.tests.test_browser_pages import _browser_in_this_thread, browser, opened, pytestmark
from sillage.governance.engine.actors import Actor
from sillage.studio.actions.texts import save_words
from sillage.studio.models import Text
from sillage.studio.queries.texts import newest_version, versions_of
from sillage.studio.tests.being_written import begun, briefed

__all__ = ["_browser_in_this_thread", "browser", "opened", "pytestmark"]


@pytest.fixture
def text(ada: Actor) -> Text:
    brief = briefed(ada, timezone.now())
    return begun(ada, timezone.now(), "Le sol. ", brief_id=brief.pk, title="Spring")


@pytest.fixture
def desk(opened: Callable[..., Any], text: Text) -> Any:
    """Ada's browser on the writing page, at 1280 px."""
    page = opened(1280)
    page.goto(f"/w/harbour/studio/texts/{text.pk}/")
    return page


def words(page: Any) -> Any:
    return page.locator("#words")


def typed(page: Any, said: str) -> None:
    words(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(said)


def test_words_are_saved_as_they_are_typed_and_the_page_says_so(desk: Any, text: Text) -> None:
    typed(desk, "Une phrase 🌱")
    expect(desk.locator("#state")).to_have_text(re.compile(r"^saved \d"))
    assert Text.objects.get().body == "Le sol. Une phrase 🌱"
    expect(desk.locator("#count")).to_have_text("20")
    assert desk.evaluate("localStorage.length") == 0 and desk.complaints == []


def test_words_that_the_server_never_got_are_put_back(desk: Any, text: Text) -> None:
    desk.route("**/save/", lambda route: route.abort())
    typed(desk, "Perdu ?")
    expect(desk.locator("#state")).to_contain_text("kept in this browser")
    assert Text.objects.get().body == "Le sol. "
    desk.unroute("**/save/")
    desk.reload()
    expect(words(desk)).to_have_value("Le sol. Perdu ?")
    expect(desk.locator("#local")).to_be_visible()
    expect(desk.locator("#state")).to_have_text(re.compile(r"^saved \d"))
    assert Text.objects.get().body == "Le sol. Perdu ?"


def test_one_fix_is_made_by_its_button_and_taken_back_by_the_keyboard(desk: Any, text: Text) -> None:
    typed(desk, "🌱 L'été, l'hiver.")
    fixes = desk.locator("[data-fix]", has_text="’")
    expect(fixes).to_have_count(2)
    fixes.nth(1).click()
    expect(words(desk)).to_have_value("Le sol. 🌱 L'été, l’hiver.")
    desk.keyboard.press("Control+z")
    expect(words(desk)).to_have_value("Le sol. 🌱 L'été, l'hiver.")


def test_f8_walks_along_the_remarks(desk: Any, text: Text) -> None:
    typed(desk, "🌱 L'été, un miracle.")
    expect(desk.locator("[data-remark]", has_text="never to write this")).to_be_visible()
    marked = "words => words.value.slice(words.selectionStart, words.selectionEnd)"
    seen = []
    for _ in range(desk.locator("[data-remark]").count()):
        desk.keyboard.press("F8")
        seen.append(words(desk).evaluate(marked))
    assert "miracle" in seen and "'" in seen


def test_a_conflict_is_told_with_both_texts_and_each_is_kept(desk: Any, text: Text, bruno: Actor) -> None:
    save_words(text_id=text.pk, body="Celui de Bruno", seen=1, actor=bruno, now=timezone.now())
    typed(desk, "Le mien")
    conflict = desk.locator("#conflict")
    expect(conflict).to_contain_text("Bruno saved this text")
    expect(conflict.locator("del", has_text="Bruno")).to_be_visible()
    expect(words(desk)).to_have_value("Le sol. Le mien")
    assert Text.objects.get().body == "Celui de Bruno"

    desk.get_by_role("button", name="Keep mine as a version").click()
    expect(words(desk)).to_have_value("Celui de Bruno")
    assert newest_version(text).body == "Le sol. Le mien"
    assert {one.body for one in versions_of(text)} == {"Le sol. ", "Le sol. Le mien"}


def test_words_typed_a_moment_ago_are_those_that_are_chosen(desk: Any, text: Text) -> None:
    typed(desk, "Publicité pour terrevive : le compost est là.")
    desk.get_by_role("button", name="Choose these words").click()
    expect(desk.locator(".lede .badge")).to_have_text("chosen")
    assert text.choices.get().final == "Le sol. Publicité pour terrevive : le compost est là."


def test_keys_keep_a_version_and_open_panels(desk: Any, text: Text) -> None:
    typed(desk, "Encore.")
    desk.keyboard.press("Control+s")
    expect(desk.locator("#state")).to_contain_text("version 2 kept")
    assert newest_version(text).body == "Le sol. Encore."
    desk.keyboard.press("Alt+2")
    desk.locator(".at-hand__button", has_text="50 km").click()
    expect(words(desk)).to_have_value(re.compile("Le compost est produit à moins de 50 km"))
    desk.get_by_role("link", name="Versions").click()
    expect(desk.locator("#panel")).to_contain_text("Version 2")


def test_marked_words_go_into_a_comment(desk: Any, text: Text) -> None:
    desk.locator("[data-panel=comments]").click()
    box = desk.locator("[data-comment-form]")
    expect(box).to_be_visible()
    words(desk).evaluate("words => { words.focus(); words.setSelectionRange(3, 6); }")
    expect(box.locator("[name=quote]")).to_have_value("sol")
    box.locator("[name=said]").fill("Which one?")
    box.get_by_role("button", name="Comment").click()
    expect(desk.locator("#panel .thread")).to_contain_text("Which one?")
    assert (text.comments.get().starts, text.comments.get().quote) == (3, "sol")


def test_on_a_phone_words_and_panels_take_turns(opened: Callable[..., Any], text: Text) -> None:
    page = opened(390)
    page.goto(f"/w/harbour/studio/texts/{text.pk}/")
    expect(words(page)).to_be_visible()
    page.get_by_role("link", name="Brief", exact=True).click()
    expect(page.locator(".at-hand").first).to_be_visible()
    expect(words(page)).to_be_hidden()
    page.get_by_role("link", name="Words").click()
    expect(words(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
