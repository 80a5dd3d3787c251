"""Exclusion lists and saved searches on their pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sillage.catalogue.models import Account
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.models import ExclusionList, SavedSearch


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name):
    return reverse(f"discovery:{name}", args=["harbour"])


def test_accounts_are_put_on_a_list_taken_off_and_the_list_switched(catalogue, visitor, ada):
    visitor.post(url("exclude"), {"name": "Rivals", "accounts": "instagram:mona\nbasile"})
    html = visitor.get(url("exclusions")).content.decode()
    assert "Rivals" in html and "Mona" in html and "Basile" in html
    mona = Account.objects.get(handle="mona")
    assert mona.pk in queries.excluded_accounts(ada.workspace_id)

    visitor.post(url("switch_list"), {"name": "Rivals", "is_on": "false"})
    assert queries.excluded_accounts(ada.workspace_id) == frozenset()
    assert "Switch on" in visitor.get(url("exclusions")).content.decode()
    visitor.post(url("switch_list"), {"name": "Rivals", "is_on": "true"})

    visitor.post(url("include"), {"name": "Rivals", "account": mona.pk})
    assert mona.pk not in ExclusionList.objects.get().account_ids


def test_adding_to_a_list_that_is_switched_off_leaves_it_off(catalogue, visitor):
    visitor.post(url("exclude"), {"name": "Rivals", "accounts": "instagram:mona"})
    visitor.post(url("switch_list"), {"name": "Rivals", "is_on": "false"})

    visitor.post(url("exclude"), {"name": "Rivals", "accounts": "instagram:mona"})

    assert not ExclusionList.objects.get().is_on


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "accounts": "instagram:mona"}, "This needs a name."),
        ({"name": "Rivals", "accounts": "instagram:nobody"}, "No account is called “instagram:nobody”."),
    ],
)
def test_what_cannot_be_excluded_is_said_and_what_was_typed_stays(catalogue, visitor, fields, said):
    answer = visitor.post(url("exclude"), fields)

    assert answer.status_code == 422
    assert said in answer.content.decode() and fields["accounts"] in answer.content.decode()
    assert ExclusionList.objects.count() == 0


def test_a_list_that_is_not_there_is_not_switched(visitor):
    assert visitor.post(url("switch_list"), {"name": "Ghosts", "is_on": "true"}).status_code == 404
    assert ExclusionList.objects.count() == 0


def test_searches_are_saved_opened_and_removed(visitor, ada, noon):
    assert "No saved search yet" in visitor.get(url("searches")).content.decode()
    visitor.post(url("save_search"), {"name": "Potagers", "words": "potager"})
    discovery.save_search(
        name="Petits", filters={"countries": ["FR"], "no_warnings": True}, words="", actor=ada, now=noon
    )

    html = visitor.get(url("searches")).content.decode()
    assert "/creators/?words=potager" in html
    address = "/w/harbour/creators/?countries=FR&amp;no_warnings=true"
    assert address in html and visitor.get(address.replace("&amp;", "&")).status_code == 200

    visitor.post(url("drop_search"), {"name": "Potagers"})
    assert SavedSearch.objects.get().name == "Petits"
    assert visitor.post(url("save_search"), {"name": " "}).status_code == 422


def test_a_reader_sees_the_lists_and_changes_none(signed_in, rita, ada, noon):
    discovery.save_search(name="Potagers", filters={}, words="potager", actor=ada, now=noon)
    client = signed_in(rita)

    assert "Potagers" in client.get(url("searches")).content.decode()
    assert '<form method="post" action="/w/harbour/saved' not in client.get(url("searches")).content.decode()
    for name in ("exclude", "include", "switch_list", "save_search", "drop_search"):
        assert client.post(url(name), {"name": "Potagers"}).status_code == 403
