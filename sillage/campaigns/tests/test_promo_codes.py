"""Promo codes: made from handles, never two alike, brought in from a shop's list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from sillage.campaigns.actions.promo_codes import end_code, import_codes, make_codes
from sillage.campaigns.engine.codes import (
    CodeMalformed,
    Discount,
    DiscountKind,
    DiscountMalformed,
    Validity,
    codes_for,
    discount_of,
    plain_code,
    skeleton,
)
from sillage.campaigns.models import PromoCode
from sillage.catalogue.actions.import_run import ColumnMissing
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

TEN = Discount(DiscountKind.PERCENT, Decimal(10))
ALWAYS = Validity()


@pytest.mark.parametrize(
    ("handle", "codes"),
    [
        ("mona", ["MONA10", "MONA10A", "MONA10B"]),
        ("léa.garden", ["LEAGARDEN10", "LEAGARDEN10A", "LEAGARDEN10B"]),
        ("o0livia1", ["OLIVIA10", "OLIVIA10A", "OLIVIA10B"]),
        ("レア", ["CREA10", "CREA10A", "CREA10B"]),
        ("a_very_long_handle_indeed", ["AVERYLONGHAN10", "AVERYLONGHAN10A", "AVERYLONGHAN10B"]),
    ],
)
def test_a_code_is_a_handle_said_aloud(handle, codes):
    assert list(islice(codes_for(handle, TEN), 3)) == codes


def test_there_are_always_more_codes_and_none_twice():
    many = list(islice(codes_for("mona", TEN), 5000))
    assert len({skeleton(code) for code in many}) == 5000


def test_what_sounds_alike_is_alike():
    assert skeleton("LEA10") == skeleton("LEAIO") == skeleton("lea-1o") != skeleton("LEA15")


@pytest.mark.parametrize("text", ["AB", "é10", "A B C", "X" * 31, "-AB", "", "<b>"])
def test_what_no_shop_takes_is_no_code(text):
    with pytest.raises(CodeMalformed):
        plain_code(text)


def test_discounts_are_written_in_four_ways():
    assert discount_of("10%") == discount_of(" 10 % ") == TEN
    assert discount_of("5,50 eur") == Discount(DiscountKind.AMOUNT, Decimal("5.50"), "EUR")
    assert (discount_of("shipping").kind, discount_of("").kind) == (DiscountKind.SHIPPING, DiscountKind.NONE)


@pytest.mark.parametrize("text", ["0%", "101%", "ten", "5", "-5 EUR", "0 EUR", "10 %%"])
def test_a_discount_that_says_nothing_clear_is_refused(text):
    with pytest.raises(DiscountMalformed):
        discount_of(text)


def test_a_code_does_not_end_before_it_begins():
    with pytest.raises(CodeMalformed):
        Validity(date(2026, 6, 2), date(2026, 6, 1))


def test_each_collaboration_gets_one_code(campaign, collaborations, ada, noon):
    made = make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=ada, now=noon)
    assert [c.code for c in made] == ["MONA10", "NOE10"]
    assert make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=ada, now=noon) == []
    assert not any("MONA" in str(facts) for facts in Entry.objects.values_list("facts", flat=True))


def test_a_code_that_looks_like_another_gets_a_letter_more(campaign, collaborations, ada, noon):
    PromoCode.objects.create(
        workspace_id=ada.workspace_id,
        collaboration=collaborations["noe"],
        code="MONAIO",
        skeleton=skeleton("MONAIO"),
        discount_kind="none",
        made_at=noon,
    )
    (made,) = make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=ada, now=noon)
    assert made.code == "MONA10A"


def test_an_ended_code_may_be_given_again(campaign, collaborations, ada, noon):
    first, _ = make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=ada, now=noon)
    end_code(code_id=first.pk, actor=ada, now=noon)
    (again,) = make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=ada, now=noon)
    assert again.code == first.code and again.pk != first.pk
    with pytest.raises(NotFound):
        end_code(code_id=first.pk, actor=ada, now=noon)


def test_another_workspace_may_have_the_same_code_and_sees_none_of_ours(campaign, collaborations, ada, dario, noon):
    (first, _) = make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=ada, now=noon)
    for act in (
        lambda: make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=dario, now=noon),
        lambda: end_code(code_id=first.pk, actor=dario, now=noon),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_reader_makes_no_codes(campaign, rita, noon):
    with pytest.raises(NotAllowed):
        make_codes(campaign_id=campaign.pk, discount=TEN, validity=ALWAYS, actor=rita, now=noon)


LIST = """code,handle,discount,starts_on,ends_on
MONA-10,@Mona,10%,2026-06-01,2026-07-31
MONA1O,noe,10%,,
B!,noe,10%,,
POPPY10,poppy,10%,,
NOE10,noe,ten,,
NOE10,noe,,2026-06-31,
NOE5,noe,5 EUR,,
"""


@pytest.fixture
def codes(tmp_path) -> Path:
    path = tmp_path / "codes.csv"
    path.write_text(LIST)
    return path


def test_a_shop_s_list_comes_in_and_what_is_wrong_is_set_aside_with_its_place(
    codes, campaign, collaborations, ada, noon
):
    done = import_codes(campaign_id=campaign.pk, path=codes, separator=",", actor=ada, now=noon)
    assert (done.rows, done.new, done.known) == (7, 2, 0)
    assert [(r.place, r.field) for r in done.rejects] == [
        ("codes.csv:3:1", "code"),
        ("codes.csv:4:1", "code"),
        ("codes.csv:5:9", "handle"),
        ("codes.csv:6:11", "discount"),
        ("codes.csv:7:12", "starts_on"),
    ]
    assert "looks like the code “MONA-10”" in done.rejects[0].reason
    assert all(isinstance(one.reason, Sentence) for one in done.rejects), "a page says why in its reader’s language"
    mona = PromoCode.objects.get(collaboration=collaborations["mona"])
    assert (mona.code, mona.discount_value, mona.starts_on, mona.ends_on) == (
        "MONA-10",
        Decimal(10),
        date(2026, 6, 1),
        date(2026, 7, 31),
    )


def test_a_dry_run_of_codes_writes_nothing_and_a_second_import_knows_them(codes, campaign, collaborations, ada, noon):
    tried = import_codes(campaign_id=campaign.pk, path=codes, separator=",", actor=ada, now=noon, dry_run=True)
    assert (tried.new, tried.is_dry_run) == (2, True) and not PromoCode.objects.exists()
    assert not Entry.objects.filter(verb="campaigns.codes_imported").exists()
    import_codes(campaign_id=campaign.pk, path=codes, separator=",", actor=ada, now=noon)
    again = import_codes(campaign_id=campaign.pk, path=codes, separator=",", actor=ada, now=noon)
    assert (again.new, again.known) == (0, 2)


def test_a_list_without_the_needed_columns_is_refused(tmp_path, campaign, ada, noon):
    path = tmp_path / "codes.csv"
    path.write_text("coupon,who\nA10,mona\n")
    with pytest.raises(ColumnMissing, match="no column for “code”"):
        import_codes(campaign_id=campaign.pk, path=path, separator=",", actor=ada, now=noon)
