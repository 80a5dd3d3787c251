"""Orders and refunds: read, credited, counted once, without a word about buyers."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from sillage.campaigns.actions.conversions import (
    SecretMissing,
    end_feed_secrets,
    import_conversions,
    make_feed_secret,
)
from sillage.campaigns.actions.promo_codes import end_code, make_codes
from sillage.campaigns.actions.sales import count_sales
from sillage.campaigns.actions.tracked_links import follow_link, make_links
from sillage.campaigns.engine.codes import Discount, DiscountKind, Validity
from sillage.campaigns.engine.conversions import (
    ConversionKind,
    FieldWrong,
    Order,
    PersonalDataGiven,
    SignatureWrong,
    Way,
    credit_of,
    looks_personal,
    order_of,
    refuse_personal,
    refuse_unsigned,
)
from sillage.campaigns.engine.tracking import Referrer, Visitor
from sillage.campaigns.models import ClickCount, Conversion
from sillage.campaigns.queries.sales import feed_secrets, sales_of
from sillage.campaigns.reading_sales import OrdersFile
from sillage.catalogue.actions.import_run import ColumnMissing
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.webhooks import signature_header
from sillage.governance.models import Entry, Receipt
from sillage.governance.queries import verify_receipt

ROW = {"order_id": "1001", "ordered_at": "2026-06-02T10:00:00+02:00", "amount": "49.90", "currency": "eur"}


# -- one order -----------------------------------------------------------------------------------------------------------


def test_an_order_is_read_as_the_shop_writes_it():
    read = order_of(ROW | {"code": " mona10 ", "link": "https://here.example/r/abcdefgh"})
    assert read == Order(
        ConversionKind.ORDER,
        "1001",
        "",
        Decimal("49.90"),
        "EUR",
        datetime(2026, 6, 2, 8, tzinfo=UTC),
        "MONA10",
        "abcdefgh",
    )


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("49,90", "49.90"),
        ("1 234,5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("12", "12"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_in_french_and_in_english(written, amount):
    assert order_of(ROW | {"amount": written}).amount == Decimal(amount)


@pytest.mark.parametrize("written", ["1,234", "1.234", "abc", "€5", "1e5", "NaN", "-3", "1.2.3", "99999999999", ""])
def test_an_amount_that_may_be_two_things_or_none_is_refused(written):
    with pytest.raises(FieldWrong) as refused:
        order_of(ROW | {"amount": written})
    assert refused.value.place == "amount"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ordered_at", "yesterday"),
        ("currency", "€"),
        ("kind", "gift"),
        ("code", "A B"),
        ("order_id", ""),
        ("order_id", "x" * 201),
    ],
)
def test_a_field_that_cannot_be_read_is_named(field, value):
    with pytest.raises(FieldWrong) as refused:
        order_of(ROW | {field: value})
    assert refused.value.place == field


def test_a_refund_is_above_zero_however_it_is_written():
    assert order_of(ROW | {"kind": "refund", "amount": "-49.90"}).amount == Decimal("49.90")


def test_an_id_is_kept_as_a_hash_that_another_workspace_cannot_match():
    order = order_of(ROW)
    assert order.event(b"a") == order.order_key(b"a") != order.event(b"b")
    refund = order_of(ROW | {"kind": "refund"})
    assert refund.event(b"a") != order.event(b"a") and refund.order_key(b"a") == order.order_key(b"a")


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "customer_email",
        "E-mail",
        "Courriel",
        "phone",
        "tel",
        "Téléphone",
        "Billing Name",
        "shipping_address",
        "Nom",
        "first name",
        "Prénom",
        "zip",
        "ip",
    ],
)
def test_what_speaks_of_buyers_is_refused_by_its_name(name):
    with pytest.raises(PersonalDataGiven):
        refuse_personal(["order_id", name])


def test_what_speaks_of_orders_is_not():
    refuse_personal(["Name", "Total", "Shipping", "Discount Code", "Product", "Nom du produit", "Hotel", "zippered"])


@pytest.mark.parametrize("value", ["a.b@c.fr", "+33 6 12 34 56 78", "06 12 34 56 78", "0033612345678"])
def test_values_that_look_like_a_buyer_s_are_known(value):
    assert looks_personal(value)


@pytest.mark.parametrize("value", ["1001", "2026-06-02", "SKU-000123", "49.90", "1234567890123", ""])
def test_values_of_orders_are_not_taken_for_a_buyer_s(value):
    assert not looks_personal(value)


def test_a_code_says_more_than_a_link_and_the_newest_valid_one_counts():
    order = order_of(ROW)
    day = order.ordered_at.date()
    old, new = Way(1, 10, None, day), Way(2, 20, day, None)
    late = Way(3, 30, day + timedelta(days=1), None)
    link = Way(7, 70, None, None)
    assert credit_of(order, [old, new, late], [link]).collaboration_id == 20
    assert credit_of(order, [late], [link]).collaboration_id == 70
    assert credit_of(order, [late], []) is None


# -- the shop's word -----------------------------------------------------------------------------------------------------

SECRET = b"s" * 32


def test_a_signature_is_hmac_sha256_over_time_and_body(noon):
    """Computed here from the words of the documentation, not by the code that checks it."""
    stamp = str(int(noon.timestamp()))
    made = hmac.new(SECRET, f"{stamp}.".encode() + b"{}", hashlib.sha256).hexdigest()
    refuse_unsigned(f"t={stamp},v1={made}", b"{}", [SECRET], noon)
    refuse_unsigned(f"t={stamp},v1={'0' * 64},v1={made}", b"{}", [b"other", SECRET], noon)


@pytest.mark.parametrize(
    ("header", "body", "secrets", "later"),
    [
        ("", b"{}", [SECRET], 0),
        ("t=,v1=", b"{}", [SECRET], 0),
        ("v1=abc", b"{}", [SECRET], 0),
        ("made", b"{} ", [SECRET], 0),
        ("made", b"{}", [b"other"], 0),
        ("made", b"{}", [], 0),
        ("made", b"{}", [SECRET], 301),
        ("made", b"{}", [SECRET], -301),
    ],
)
def test_what_is_not_signed_now_is_refused(header, body, secrets, later, noon):
    header = signature_header([SECRET], noon, b"{}") if header == "made" else header
    with pytest.raises(SignatureWrong):
        refuse_unsigned(header, body, secrets, noon + timedelta(seconds=later))


def test_a_time_that_was_changed_breaks_the_signature(noon):
    later = noon + timedelta(hours=1)
    header = signature_header([SECRET], noon, b"{}").replace(str(int(noon.timestamp())), str(int(later.timestamp())))
    with pytest.raises(SignatureWrong, match="does not fit"):
        refuse_unsigned(header, b"{}", [SECRET], later)


# -- files ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def codes(campaign, collaborations, ada, noon):
    ten = Discount(DiscountKind.PERCENT, Decimal(10))
    return make_codes(campaign_id=campaign.pk, discount=ten, validity=Validity(), actor=ada, now=noon)


@pytest.fixture
def links(campaign, collaborations, ada, noon):
    return make_links(campaign_id=campaign.pk, target="https://shop.example.com/", actor=ada, now=noon)


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    return path


def test_orders_are_credited_by_code_then_by_link_and_refunds_follow_their_order(codes, links, tmp_path, ada, noon):
    path = file(
        tmp_path,
        "order_id,ordered_at,amount,currency,code,link,kind\n"
        f"1,2026-06-16,50,EUR,mona10,{links[1].code},\n"
        f"2,2026-06-16,30,EUR,,{links[1].code},order\n"
        "3,2026-06-16,70,EUR,,,\n"
        "4,2026-06-16,70,EUR,NOBODY,,\n"
        "1,2026-06-20,20,EUR,NOE10,,refund\n"
        "2,2026-06-16,30,EUR,,,\n"
        "2,2026-06-16,31,EUR,,,\n",
    )
    done = import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    assert (done.rows, done.new, done.known, done.uncredited, done.refused) == (7, 3, 1, 1, 2)
    assert [(r.place, r.field, r.raw) for r in done.rejects] == [
        ("orders.csv:5:21", "code", ""),
        ("orders.csv:8:14", "amount", ""),
    ]
    rows = Conversion.objects.order_by("pk").values_list("collaboration__handle", "kind", "credited_by", "amount")
    assert list(rows) == [
        ("mona", "order", "code", Decimal(50)),
        ("noe", "order", "link", Decimal(30)),
        ("mona", "refund", "order", Decimal(20)),
    ]


def test_the_same_file_twice_changes_nothing(codes, tmp_path, ada, noon):
    path = file(tmp_path, "order_id,ordered_at,amount,currency,code\n1,2026-06-16,50,EUR,MONA10\n")
    import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    again = import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    assert (again.new, again.known) == (0, 1) and Conversion.objects.count() == 1


def test_a_dry_run_of_orders_says_the_same_and_writes_nothing(codes, tmp_path, ada, noon):
    rows = "".join(f"{n},2026-06-16,50,EUR,MONA10\n" for n in (*range(1500), 3, 4))
    path = file(tmp_path, "order_id,ordered_at,amount,currency,code\n" + rows)
    tried = import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon, dry_run=True)
    assert (tried.new, tried.known, tried.is_dry_run) == (1500, 2, True)
    assert not Conversion.objects.exists() and not Entry.objects.filter(verb__contains="conversion").exists()
    done = import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    assert (done.new, done.known) == (tried.new, tried.known)


def test_what_is_set_aside_stands_in_a_file_without_its_text(
    codes, tmp_path, ada, noon, settings, django_capture_on_commit_callbacks
):
    path = file(tmp_path, "order_id,ordered_at,amount,currency,code\n1,2026-06-16,x,EUR,MONA10\n")
    with django_capture_on_commit_callbacks(execute=True):
        done = import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    kept = json.loads(Path(done.rejects_path).read_text())
    Path(done.rejects_path).unlink()
    assert (kept["place"], kept["field"], kept["raw"]) == ("orders.csv:2:14", "amount", "")


def test_columns_are_named_by_who_knows_the_file(codes, tmp_path, ada, noon):
    path = file(tmp_path, "Name;Le;Total;Coupon\n#1001;02/06/2026 10:00;1 049,90;MONA10\n")
    said = OrdersFile({"order_id": "Name", "ordered_at": "Le"}, ";", "EUR", "%d/%m/%Y %H:%M")
    assert import_conversions(path=path, said=said, actor=ada, now=noon).new == 1
    assert Conversion.objects.get().amount == Decimal("1049.90")


def test_a_column_that_is_not_there_is_refused(tmp_path, ada, noon):
    path = file(tmp_path, "a,b\n1,2\n")
    for said in (OrdersFile(), OrdersFile({"order_id": "Name"}), OrdersFile({"colour": "a"})):
        with pytest.raises(ColumnMissing):
            import_conversions(path=path, said=said, actor=ada, now=noon)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("order_id,ordered_at,amount,currency,code,email\n1,2026-06-16,5,EUR,MONA10,\n", "email"),
        ("order_id,ordered_at,amount,currency,code,note\n1,2026-06-16,5,EUR,MONA10,a@b.fr\n", "orders.csv:2:27"),
        (
            "order_id,ordered_at,amount,currency,code,x\n1,2026-06-16,5,EUR,,ok\n2,2026-06-16,5,EUR,,+33612345678\n",
            "orders.csv:3:21",
        ),
        ("order_id,ordered_at,amount,currency,code\na@b.fr,2026-06-16,5,EUR,MONA10\n", "orders.csv:2:1"),
    ],
)
def test_a_file_about_buyers_is_refused_whole(text, place, codes, tmp_path, ada, noon):
    with pytest.raises(PersonalDataGiven) as refused:
        import_conversions(path=file(tmp_path, text), said=OrdersFile(), actor=ada, now=noon)
    assert refused.value.place == place and not Conversion.objects.exists()
    assert "a@b.fr" not in refused.value.message


def test_an_ended_code_is_credited_until_its_last_day(codes, tmp_path, ada, noon):
    end_code(code_id=codes[0].pk, actor=ada, now=noon)
    path = file(
        tmp_path,
        "order_id,ordered_at,amount,currency,code\n1,2026-06-15T23:00Z,5,EUR,MONA10\n2,2026-06-16,5,EUR,MONA10\n",
    )
    done = import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    assert (done.new, done.refused) == (1, 1)


def test_nobody_s_order_is_kept(codes, tmp_path, dario, ada, noon):
    path = file(tmp_path, "order_id,ordered_at,amount,currency,code\n1,2026-06-16,50,EUR,MONA10\n")
    done = import_conversions(path=path, said=OrdersFile(), actor=dario, now=noon)
    assert (done.new, done.refused) == (0, 1) and not Conversion.objects.exists()


def test_a_reader_brings_nothing_in(tmp_path, rita, noon):
    with pytest.raises(NotAllowed):
        import_conversions(path=file(tmp_path, "x\n"), said=OrdersFile(), actor=rita, now=noon)


# -- the webhook ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(ada, noon) -> bytes:
    return make_feed_secret(actor=ada, now=noon).encode()


def send(client, secret: bytes, body, slug: str = "harbour", at=None, header: str | None = None):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = signature_header([secret], at or timezone.now(), text) if header is None else header
    return client.post(
        f"/api/v1/{slug}/conversions/hook",
        text,
        content_type="application/json",
        headers={"Sillage-Signature": signed},
    )


MESSAGE = {"order_id": 1001, "ordered_at": "2026-06-16T10:00:00Z", "amount": 49.90, "currency": "EUR", "code": "MONA10"}


def test_a_signed_order_comes_in_once(codes, secret, client):
    first, again = send(client, secret, MESSAGE), send(client, secret, MESSAGE)
    assert first.json() == {"new": True, "credited_by": "code"} and again.json() == {"new": False, "credited_by": None}
    row = Conversion.objects.get()
    assert (row.amount, row.source) == (Decimal("49.90"), "webhook")
    refund = send(client, secret, MESSAGE | {"kind": "refund", "refund_id": "r1", "amount": 10})
    assert refund.json() == {"new": True, "credited_by": "order"} and Conversion.objects.count() == 2
    changed = send(client, secret, MESSAGE | {"amount": 59.90})
    assert changed.status_code == 409 and changed.json()["type"] == "urn:sillage:OrderChanged"


def test_an_order_of_nobody_is_answered_and_not_kept(codes, secret, client):
    assert send(client, secret, MESSAGE | {"code": "NOBODY"}).json() == {"new": False, "credited_by": None}
    assert not Conversion.objects.exists()


def test_neither_a_wrong_signature_nor_a_replay_nor_another_workspace_s_secret_is_taken(
    codes, secret, client, dario, noon
):
    theirs = make_feed_secret(actor=dario, now=noon).encode()
    now = timezone.now()
    answers = [
        send(client, b"wrong", MESSAGE),
        send(client, secret, MESSAGE, header=""),
        send(client, secret, MESSAGE, at=now - timedelta(minutes=6)),
        send(client, theirs, MESSAGE),
        send(client, secret, MESSAGE, slug="elsewhere"),
        send(client, secret, MESSAGE, slug="nowhere"),
    ]
    assert {a.status_code for a in answers} == {401} and not Conversion.objects.exists()
    assert answers[0].json()["detail"] == answers[-1].json()["detail"], (
        "a workspace that is none looks like one that is"
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (MESSAGE | {"email": "a@b.fr"}, "PersonalDataGiven"),
        (MESSAGE | {"customer": "x"}, "FieldUnknown"),
        (MESSAGE | {"customer_phone": "1"}, "PersonalDataGiven"),
        (MESSAGE | {"order_id": "a@b.fr"}, "PersonalDataGiven"),
        (MESSAGE | {"amount": [1]}, "MessageMalformed"),
        ([MESSAGE], "MessageMalformed"),
        (b"{", "MessageMalformed"),
        (b"[" * 9000, "MessageMalformed"),
        (b" " * 20_000, "MessageMalformed"),
        (MESSAGE | {"amount": ""}, "FieldWrong"),
    ],
)
def test_a_message_that_says_too_much_or_nothing_is_refused(body, kind, codes, secret, client):
    answer = send(client, secret, body)
    assert answer.status_code == 422 and answer.json()["type"] == f"urn:sillage:{kind}"
    assert not Conversion.objects.exists()


def test_a_new_secret_and_the_one_before_it_both_count_until_it_is_ended(codes, secret, client, ada, noon):
    newer = make_feed_secret(actor=ada, now=noon).encode()
    assert len(feed_secrets(ada.workspace_id)) == 2
    assert {send(client, s, MESSAGE).status_code for s in (secret, newer)} == {200}
    end_feed_secrets(actor=ada, now=noon, only_old=True)
    assert [send(client, s, MESSAGE).status_code for s in (secret, newer)] == [401, 200]
    end_feed_secrets(actor=ada, now=noon, only_old=False)
    assert send(client, newer, MESSAGE).status_code == 401
    with pytest.raises(SecretMissing):
        end_feed_secrets(actor=ada, now=noon, only_old=False)


def test_only_who_administrates_makes_a_secret(bruno, noon):
    with pytest.raises(NotAllowed):
        make_feed_secret(actor=bruno, now=noon)


def test_the_ledger_says_who_reported_and_not_what_was_bought(codes, secret, client):
    send(client, secret, MESSAGE)
    entry = Entry.objects.get(verb="campaigns.conversion_received")
    assert (entry.actor_kind, entry.actor_name) == ("automation", "shop") and "1001" not in json.dumps(entry.facts)


# -- numbers -------------------------------------------------------------------------------------------------------------


def clicked(link, at: datetime, times: int = 1, visitor: Visitor = Visitor.PERSON) -> None:
    for _ in range(times):
        follow_link(code=link.code, visitor=visitor, country="", referrer=Referrer.NONE, now=at)


def test_what_nobody_can_know_is_missing_and_not_zero(campaign, collaborations, collaboration, ada, noon):
    count_sales(campaign_id=campaign.pk, actor=ada, now=noon)
    sales = sales_of([collaboration])[collaboration.pk]
    assert (sales.clicks, sales.orders, sales.revenue) == (None, None, None)


def test_a_link_that_nobody_followed_counts_zero(links, campaign, collaboration, ada, noon):
    count_sales(campaign_id=campaign.pk, actor=ada, now=noon + timedelta(hours=3))
    sales = sales_of([collaboration])[collaboration.pk]
    assert sales.clicks.value == 0 and sales.orders is None, "no shop was ever heard"


def test_numbers_come_with_receipts_that_hold(codes, links, campaign, collaboration, tmp_path, ada, noon):
    clicked(links[0], noon - timedelta(hours=2), 3)
    clicked(links[0], noon - timedelta(hours=2), 2, Visitor.MACHINE)
    clicked(links[0], noon, 5)
    path = file(
        tmp_path,
        "order_id,ordered_at,amount,currency,code,kind\n1,2026-06-16,50,EUR,MONA10,\n2,2026-06-16,30,EUR,MONA10,\n"
        "3,2026-06-16,99,USD,MONA10,\n1,2026-06-17,20,EUR,,refund\n",
    )
    import_conversions(path=path, said=OrdersFile(), actor=ada, now=noon)
    sales = sales_of([collaboration])[collaboration.pk]
    values = {name.removeprefix("collaboration."): r.value for name, r in sales.receipts.items()}
    assert values == {"clicks": 3, "machine_clicks": 2, "orders": 3, "revenue": 60, "revenue_per_order": 40}
    assert (sales.clicks_since, sales.orders_since) == (5, 0)
    assert {r.source_class for r in sales.receipts.values()} == {"authenticated"}
    for receipt in sales.receipts.values():
        proof = verify_receipt(ada.workspace_id, receipt.key)
        assert proof.holds and proof.unread == 0, receipt.metric


def test_a_receipt_still_holds_after_more_came_in_and_not_after_something_was_changed(
    codes, links, campaign, collaboration, tmp_path, ada, noon
):
    clicked(links[0], noon - timedelta(hours=2), 3)
    header = "order_id,ordered_at,amount,currency,code\n"
    import_conversions(
        path=file(tmp_path, header + "1,2026-06-16,50,EUR,MONA10\n"), said=OrdersFile(), actor=ada, now=noon
    )
    keys = list(Receipt.objects.filter(subject_kind="collaboration").values_list("key", flat=True))
    clicked(links[0], noon, 9)
    import_conversions(
        path=file(tmp_path, header + "2,2026-06-16,70,EUR,MONA10\n"), said=OrdersFile(), actor=ada, now=noon
    )
    assert all(verify_receipt(ada.workspace_id, key).holds for key in keys)
    ClickCount.objects.filter(hour__lt=noon).update(clicks=4)
    Conversion.objects.update(amount=1)
    broken = {
        verify_receipt(ada.workspace_id, key).receipt.metric
        for key in keys
        if not verify_receipt(ada.workspace_id, key).holds
    }
    assert broken == {"collaboration.clicks", "collaboration.revenue", "collaboration.revenue_per_order"}
