"""Up to five accounts side by side."""

from __future__ import annotations

import re

import pytest

from sillage.catalogue.models import Account
from sillage.desk.queries.comparison import overlap
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.tests.standing import filled, harbour, standing
from sillage.understanding.models import Profile

__all__ = ["filled", "harbour", "standing"]

pytestmark = pytest.mark.usefixtures("english")
REMOVES = r'compare__remove" href="([^"]+)">.*?Take (\w+) out'


@pytest.fixture
def ask(signed_in, ada, filled):
    client = signed_in(ada)
    ids = dict(Account.objects.values_list("handle", "pk"))
    return lambda *handles: client.get("/w/harbour/compare/?" + "&".join(f"a={ids.get(h, h)}" for h in handles))


def test_accounts_stand_side_by_side_with_receipts_for_their_numbers(ask):
    page = ask("mona", "noe", "poppy").content.decode()
    followers = re.search(r'<tr><th scope="row">Followers</th>.*?</tr>', page, re.DOTALL).group()

    assert [n for n in ("4k", "25k", "15k") if n in followers] == ["4k", "25k", "15k"]
    assert followers.count('class="receipt"') == 3


def test_what_two_accounts_have_in_common_is_the_same_from_both_sides(ask):
    page = ask("mona", "basile", "noe").content.decode()
    rows = re.findall(r'<tr><th scope="row" dir="auto">(\w+)</th>(.*?)</tr>', page)
    shares = [[int(s) for s in re.findall(r">(\d+)%<", cells)] for _name, cells in rows]

    assert [name for name, _ in rows] == ["Mona", "Basile", "Noe"]
    assert shares[0][0] == shares[1][0] and shares[0][1] == shares[2][0]
    assert shares[0][0] > shares[0][1]  # two gardeners have more in common than a gardener and a surfer


def test_overlap_is_the_shared_part_of_two_mixes():
    same, half, none = ({"a": 0.5, "b": 0.5}, {"a": 0.4, "c": 0.4}, {"d": 1.0})
    one = Profile(themes=same)

    assert overlap(one, Profile(themes=same)) == pytest.approx(1)
    assert overlap(one, Profile(themes=half)) == pytest.approx(0.5)
    assert overlap(one, Profile(themes=none)) == 0
    assert overlap(one, Profile(themes={})) is None and overlap(one, None) is None


def test_nobody_chosen_says_what_to_do(ask):
    assert "Tick up to 5 creators" in ask().content.decode()


def test_more_than_five_are_refused_with_their_number(ask):
    page = ask("1", "2", "3", "4", "5", "6")

    assert page.status_code == 409 and "6 accounts were chosen" in page.content.decode()


def test_the_same_account_twice_is_one(ask):
    assert ask("mona", "mona").content.decode().count("compare__who") == 1


def test_an_account_that_is_not_here_is_not_found(ask):
    assert ask("999").status_code == 404


def test_five_accounts_keep_to_the_query_budget(ask, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert ask("mona", "basile", "noe", "poppy", "star").status_code == 200


def test_each_account_can_be_taken_out_of_the_comparison(ask):
    ids = {handle: str(pk) for handle, pk in Account.objects.values_list("handle", "pk")}
    page = ask("mona", "noe").content.decode()
    left = {name: re.findall(r"a=(\d+)", address) for address, name in re.findall(REMOVES, page, re.DOTALL)}

    assert left == {"Mona": [ids["noe"]], "Noe": [ids["mona"]]}
    assert "out of the comparison" not in ask("mona").content.decode()


# -- from a shortlist ------------------------------------------------------------------------------------------------


@pytest.fixture
def made(ada, noon, filled):
    brief = discovery.open_brief(given={"text": "Jardinage au naturel, potager"}, actor=ada, now=noon)
    return discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)


def address_of(made, *handles):
    ids = [Account.objects.get(handle=handle).pk for handle in handles]
    return "/w/harbour/compare/?" + "".join(f"a={pk}&" for pk in ids) + f"shortlist={made.pk}"


def decision_cells(page):
    return re.findall(r'<td class="compare__decision">(.*?)</td>', page, re.DOTALL)


def test_those_of_a_shortlist_are_decided_about_where_they_are_compared(made, signed_in, ada, noon):
    discovery.pin(brief_id=made.brief_id, account="instagram:mona", reason="", actor=ada, now=noon)
    client, here = signed_in(ada), address_of(made, "mona", "noe")
    pinned, open_still = decision_cells(client.get(here).content.decode())

    assert ">pinned</span>" in pinned and "Take back" in pinned and "Not our tone" not in pinned
    assert "Pin</button>" in open_still and "Not our tone" in open_still
    decide = re.search(r'<form method="post" action="([^"]+)"', open_still)[1].replace("&amp;", "&")
    refused = client.post(decide, {"kind": "dismissed", "reason": ""})
    assert refused.url == here and "A dismissal needs a reason." in client.get(here).content.decode()

    back = client.post(decide, {"kind": "dismissed", "quick": "Not our tone"})
    assert back.url == here
    _, dismissed = decision_cells(client.get(back.url).content.decode())
    assert ">dismissed</span>" in dismissed and "“Not our tone”" in dismissed
    assert {d.kind for d in queries.decisions_of(made.brief).values()} == {"pinned", "dismissed"}


def test_a_decision_answered_to_htmx_still_knows_where_it_was_taken(made, signed_in, ada):
    client, here = signed_in(ada), address_of(made, "mona", "noe")
    decide = re.search(r'hx-post="([^"]+)"', decision_cells(client.get(here).content.decode())[0])[1]
    answer = client.post(decide.replace("&amp;", "&"), {"kind": "pinned"}, HTTP_HX_REQUEST="true").content.decode()

    assert ">pinned</span>" in answer and here.split("?")[1].replace("&", "&amp;") in answer


def test_the_comparison_leads_back_to_its_shortlist_and_keeps_it_when_somebody_is_taken_out(made, signed_in, ada):
    page = signed_in(ada).get(address_of(made, "mona", "noe")).content.decode()

    assert f'class="button" href="/w/harbour/shortlists/{made.pk}/"' in page and "Back to the shortlist" in page
    assert {name: href.endswith(f"shortlist={made.pk}") for href, name in re.findall(REMOVES, page, re.DOTALL)} == {
        "Mona": True,
        "Noe": True,
    }


def test_without_a_shortlist_nothing_is_decided_where_creators_are_compared(ask):
    page = ask("mona", "noe").content.decode()

    assert decision_cells(page) == [] and "/decide/" not in page and "Choose creators" in page


def test_a_reader_sees_what_is_decided_and_a_stranger_sees_nothing(made, signed_in, ada, rita, dario, noon):
    discovery.pin(brief_id=made.brief_id, account="instagram:mona", reason="", actor=ada, now=noon)
    here = address_of(made, "mona", "noe")

    pinned, nothing = decision_cells(signed_in(rita).get(here).content.decode())
    assert ">pinned</span>" in pinned and 'class="missing"' in nothing and "<form" not in pinned + nothing
    assert signed_in(dario).get(here).status_code == 404
    assert signed_in(dario).get(f"/w/elsewhere/compare/?shortlist={made.pk}").status_code == 404
