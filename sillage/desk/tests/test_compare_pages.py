"""Up to five accounts side by side."""

from __future__ import annotations

import re

import pytest

from sillage.catalogue.models import Account
from sillage.desk.queries.comparison import overlap
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
