"""Exclusion lists and saved searches on their pages."""

from __future__ import annotations

import pytest
from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.urls import reverse

from sillage.catalogue.models import Account, Card
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.models import ExclusionList, SavedSearch
from sillage.governance import queries as governance
from sillage.governance.engine.sensitive import SortsPeople
from sillage.lib.errors import NotFound


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


@pytest.mark.parametrize("begun", ["mon", "Môn", "@mon", "bas", "BASILE"])
def test_a_name_that_is_only_begun_is_excluded_and_written_out(catalogue, visitor, begun):
    html = visitor.post(url("exclude"), {"name": "Rivals", "accounts": begun}, follow=True).content.decode()

    handle = "mona" if "m" in begun.lower() else "basile"
    assert f"On the list “Rivals” now: {handle.title()} (instagram:{handle})." in html
    assert ExclusionList.objects.get().account_ids == [Account.objects.get(handle=handle).pk]


def test_a_beginning_that_several_have_names_them_and_excludes_nobody(catalogue, visitor):
    Account.objects.filter(handle="noe").update(name="Monarch")
    Card.objects.filter(account__handle="noe").update(words=SearchVector(Value("monarch"), config="simple"))

    answer = visitor.post(url("exclude"), {"name": "Rivals", "accounts": "basile\nmon"})

    html = answer.content.decode()
    assert answer.status_code == 422 and "“mon” may be any of these:" in html
    assert "Mona (instagram:mona)" in html and "Monarch (instagram:noe)" in html and "basile\nmon" in html
    assert ExclusionList.objects.count() == 0


def test_who_is_called_exactly_so_is_meant_before_those_whose_name_begins_so(catalogue, visitor):
    Account.objects.filter(handle="noe").update(name="Mon")
    Card.objects.filter(account__handle="noe").update(words=SearchVector(Value("monarch"), config="simple"))

    visitor.post(url("exclude"), {"name": "Rivals", "accounts": "mon"})

    assert ExclusionList.objects.get().account_ids == [Account.objects.get(handle="noe").pk]


def test_a_word_of_posts_is_nobodys_name_where_people_are_left_out(catalogue, visitor):
    answer = visitor.post(url("exclude"), {"name": "Rivals", "accounts": "wax"})

    assert answer.status_code == 422 and "No account is called “wax”." in answer.content.decode()
    assert ExclusionList.objects.count() == 0


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
    for name in ("exclude", "include", "switch_list", "drop_list", "save_search", "rename_search", "drop_search"):
        assert client.post(url(name), {"name": "Potagers"}).status_code == 403


def test_a_list_is_removed_and_its_accounts_are_shown_again(catalogue, visitor, ada):
    visitor.post(url("exclude"), {"name": "Rivals", "accounts": "instagram:mona"})
    assert "Remove the list “Rivals”" in visitor.get(url("exclusions")).content.decode()

    said = visitor.post(url("drop_list"), {"name": "Rivals"}, follow=True).content.decode()

    assert "The list “Rivals” is gone" in said
    assert ExclusionList.objects.count() == 0 and queries.excluded_accounts(ada.workspace_id) == frozenset()
    entry = governance.list_entries(ada.workspace_id).items[0]
    mona = Account.objects.get(handle="mona").pk
    assert entry.verb == "discovery.list_dropped" and entry.facts == {"accounts": [mona], "is_on": True}
    assert visitor.post(url("drop_list"), {"name": "Rivals"}).status_code == 404


def test_a_search_gets_another_name_that_is_free(visitor, ada, noon):
    for name in ("Potagers", "Petits"):
        discovery.save_search(name=name, filters={"countries": ["FR"]}, words=name, actor=ada, now=noon)

    taken = visitor.post(url("rename_search"), {"name": "Potagers", "to": "Petits"}, follow=True).content.decode()
    assert "There is already a search “Petits”." in taken
    assert (
        "This needs a name."
        in visitor.post(url("rename_search"), {"name": "Potagers", "to": " "}, follow=True).content.decode()
    )
    visitor.post(url("rename_search"), {"name": "Potagers", "to": "Jardins"})

    assert {(s.name, s.words) for s in SavedSearch.objects.all()} == {("Jardins", "Potagers"), ("Petits", "Petits")}
    assert governance.list_entries(ada.workspace_id).items[0].facts == {"from": "Potagers", "to": "Jardins"}
    assert visitor.post(url("rename_search"), {"name": "Potagers", "to": "x"}).status_code == 404


def test_neither_a_list_nor_a_search_is_named_after_what_people_are(ada, noon):
    discovery.save_search(name="Potagers", filters={}, words="", actor=ada, now=noon)
    with pytest.raises(SortsPeople):
        discovery.rename_search(name="Potagers", to="muslim creators", actor=ada, now=noon)


def test_a_stranger_removes_and_renames_nothing(ada, dario, noon):
    discovery.exclude(name="Rivals", account_ids=[], actor=ada, now=noon)
    discovery.save_search(name="Potagers", filters={}, words="", actor=ada, now=noon)
    with pytest.raises(NotFound):
        discovery.drop_list(name="Rivals", actor=dario, now=noon)
    with pytest.raises(NotFound):
        discovery.rename_search(name="Potagers", to="x", actor=dario, now=noon)
