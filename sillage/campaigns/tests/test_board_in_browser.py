"""The board in a real browser: cards dragged by mouse, carried by keyboard, moved by two people at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sillage.campaigns.actions.moving import move_collaboration
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration
from sillage.front.tests.test_browser_pages import _browser_in_this_thread, browser, opened, pytestmark
from sillage.governance.engine.actors import Actor

__all__ = ["_browser_in_this_thread", "browser", "opened", "pytestmark"]


@pytest.fixture
def board(opened: Callable[..., Any], collaborations: dict[str, Collaboration]) -> Any:
    """Ada's browser on the board of the campaign, at 1280 px."""
    page = opened(1280)
    page.goto(f"/w/harbour/campaigns/{collaborations['mona'].campaign_id}/pipeline/")
    return page


def card(page: Any, row: Collaboration) -> Any:
    return page.locator(f"#card-{row.pk}")


def drop(page: Any, row: Collaboration, stage: str) -> None:
    card(page, row).drag_to(page.locator(f"#stage-{stage} .board__head"))


def stage_of(row: Collaboration) -> str:
    return Collaboration.objects.get(pk=row.pk).stage


def test_a_card_is_dragged_by_mouse_and_the_move_is_taken_back(board: Any, collaboration: Collaboration) -> None:
    drop(board, collaboration, "contacted")
    expect(board.locator(f"#stage-contacted #card-{collaboration.pk}")).to_be_visible()
    expect(board.locator("#board-said")).to_contain_text("Mona: Shortlisted → Contacted")
    assert stage_of(collaboration) == "contacted"

    board.get_by_role("button", name="Take back").click()
    expect(board.locator(f"#stage-shortlisted #card-{collaboration.pk}")).to_be_visible()
    assert stage_of(collaboration) == "shortlisted" and board.complaints == []


def test_a_card_is_carried_by_keyboard_and_keeps_the_focus(board: Any, collaboration: Collaboration) -> None:
    grip = card(board, collaboration).locator("[data-grip]")
    grip.focus()
    board.keyboard.press("Space")
    expect(board.locator("#board-said")).to_contain_text("Mona is lifted from “Shortlisted”.")
    board.keyboard.press("ArrowRight")
    expect(board.locator("#board-said")).to_have_text("Over “Contacted”.")
    board.keyboard.press("ArrowRight")
    expect(board.locator("#board-said")).to_have_text("Over “Negotiating”: no such move.")
    board.keyboard.press("ArrowLeft")
    board.keyboard.press("Space")
    expect(board.locator("#board-said")).to_contain_text("Mona: Shortlisted → Contacted")
    expect(board.locator(f"#stage-contacted #card-{collaboration.pk} [data-grip]")).to_be_focused()
    assert stage_of(collaboration) == "contacted"


def test_escape_leaves_a_lifted_card_where_it_was(board: Any, collaboration: Collaboration) -> None:
    card(board, collaboration).locator("[data-grip]").focus()
    board.keyboard.press("Enter")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Escape")
    expect(board.locator("#board-said")).to_have_text("Mona stays where it was.")
    expect(board.locator(".is-over, .is-lifted")).to_have_count(0)
    assert stage_of(collaboration) == "shortlisted"


def test_a_move_that_there_is_not_is_refused_in_words(board: Any, collaboration: Collaboration) -> None:
    drop(board, collaboration, "live")
    expect(board.locator("#toasts .notice--refusal")).to_contain_text("There is no move from “Shortlisted” to “Live”")
    assert stage_of(collaboration) == "shortlisted"


def test_closing_asks_why(board: Any, collaboration: Collaboration) -> None:
    drop(board, collaboration, "closed")
    dialog = board.locator("#closing")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    assert stage_of(collaboration) == "shortlisted"

    drop(board, collaboration, "closed")
    dialog.get_by_label("Reason").fill("too dear")
    dialog.get_by_role("button", name="Close the collaboration").click()
    expect(board.locator(f"#stage-closed #card-{collaboration.pk} .deal__because")).to_have_text("too dear")


def test_who_was_slower_is_told_and_sees_where_the_card_is_now(
    board: Any, collaboration: Collaboration, bruno: Actor
) -> None:
    now = timezone.now()
    move_collaboration(collaboration_id=collaboration.pk, to=Stage.CONTACTED, actor=bruno, now=now)
    move_collaboration(
        collaboration_id=collaboration.pk, to=Stage.NEGOTIATING, actor=bruno, now=now + timedelta(seconds=1)
    )
    drop(board, collaboration, "contacted")
    expect(board.locator("#toasts .notice--refusal")).to_contain_text("Bruno moved Mona to “Negotiating” meanwhile.")
    expect(board.locator(f"#stage-negotiating #card-{collaboration.pk}")).to_be_visible()
    expect(board.locator(f"#stage-shortlisted #card-{collaboration.pk}")).to_have_count(0)


def test_ticked_cards_are_counted_and_moved_together(board: Any, collaborations: dict[str, Collaboration]) -> None:
    expect(board.locator("#bulk")).to_be_hidden()
    for row in collaborations.values():
        card(board, row).locator("input[type=checkbox]").check()
    expect(board.locator("[data-bulk-count]")).to_have_text("2 ticked")
    board.locator("#bulk").get_by_role("button", name="Move").click()
    expect(board.get_by_text("2 moved to “Contacted”.")).to_be_visible()
    assert {stage_of(row) for row in collaborations.values()} == {"contacted"}


def test_the_board_works_without_scripts(opened: Callable[..., Any], collaboration: Collaboration) -> None:
    page = opened(1280, java_script_enabled=False)
    page.goto(f"/w/harbour/campaigns/{collaboration.campaign_id}/pipeline/")
    found = card(page, collaboration)
    found.locator("summary").click()
    found.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Mona: Shortlisted → Contacted")).to_be_visible()
    assert stage_of(collaboration) == "contacted"
