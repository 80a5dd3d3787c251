"""The shortlist as a table: the same figures as the cards, sorted as one likes, decided about several at once."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sillage.catalogue.models import Account, Card
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.models import Decision
from sillage.discovery.table_shapes import turned
from sillage.discovery.tests.standing import catalogue, harbour, standing
from sillage.governance import queries as governance

__all__ = ["catalogue", "harbour", "standing"]

HTMX = {"HTTP_HX_REQUEST": "true"}
COOKIE = "sillage_shortlist"


@pytest.fixture
def brief(catalogue, ada, noon):
    return discovery.open_brief(given={"text": "Jardinage au naturel, potager, pas de surf"}, actor=ada, now=noon)


@pytest.fixture
def made(brief, ada, noon):
    return discovery.shortlist(brief_id=brief.pk, limit=5, actor=ada, now=noon)


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def asked(made, visitor):
    """`asked(**query)` is the page of the shortlist as a table."""
    address = url("shortlist", made.pk)
    return lambda **query: visitor.get(address, {"view": "table", **query}).content.decode()


def url(name, *args):
    return reverse(f"discovery:{name}", args=["harbour", *args])


def account(handle):
    return Account.objects.get(handle=handle)


def number(written):
    return None if written == "-" else float(written.replace("\N{MINUS SIGN}", "-"))


def heads(html):
    """Each column with its class, its order now, its address (nothing where it does not sort), and its text."""
    found = re.findall(r'<th scope="col"([^>]*)>(?:<a id="[^"]*" href="([^"]*)"[^>]*>)?([^<]+)', html)
    return {
        text.strip(): ("sheet__reason" in more, *re.findall(r'aria-sort="(\w+)"', more), href.replace("&amp;", "&"))
        for more, href, text in found
    }


def rows(html):
    """Per row of the table: name, and its figures by column."""
    columns = list(heads(html.split("<tbody>")[0]))
    found = []
    for row in re.findall(r"<tr id=\"candidate-.*?</tr>", html, re.DOTALL):
        cells = re.findall(r"<(?:td|th scope=\"row\")[^>]*>(.*?)</(?:td|th)>", row, re.DOTALL)[1:]
        plain = [re.sub(r"<span class=\"hidden-text\">.*?</span>|<[^>]+>", " ", cell).split() for cell in cells]
        found.append(dict(zip(columns, plain, strict=True)))
    return found


def names(html):
    return [row["Creator"][0] for row in rows(html)]


def test_a_row_has_the_figures_of_the_card_and_they_add_up_to_its_score(made, asked):
    html = asked()
    reasons = [text for text, (is_reason, *_more) in heads(html).items() if is_reason]

    assert names(html) == [c.account.name for c in queries.list_candidates(made)]
    assert {"Themes", "Words", "Rhythm", "Unwanted themes"} <= set(reasons)
    assert "Brands" not in reasons  # nobody of the list was measured by it
    for row, candidate in zip(rows(html), queries.list_candidates(made), strict=True):
        points = [number(row[reason][0]) for reason in reasons]
        assert sum(p for p in points if p is not None) == pytest.approx(number(row["Score"][0]), abs=1e-9)
        assert number(row["Place"][0]) == candidate.rank
        assert candidate.receipt_key in html and url("candidate", made.pk, candidate.account_id) in html


def test_what_is_not_known_is_a_dash_and_comes_last_in_every_order(asked):
    Card.objects.update(engagement_percentile=0.5)
    Card.objects.filter(account=account("mona")).update(followers=None, engagement_percentile=None, last_post_on=None)

    for sort in ("followers", "-followers", "engagement", "-engagement", "last_post", "-last_post"):
        html = asked(sort=sort)
        assert names(html)[-1] == "Mona", sort
        assert rows(html)[-1]["Followers"] == rows(html)[-1]["Last post"] == ["-"]


def test_columns_sort_both_ways_and_no_place_changes(made, asked):
    places = {row["Creator"][0]: row["Place"] for row in rows(asked())}

    for sort, value in (
        ("followers", lambda c: c.account.card.followers),
        ("score", lambda c: c.score),
        ("points_words", lambda c: c.parts["words"]),
        ("points_rhythm", lambda c: c.parts["rhythm"]),
    ):
        falling = sorted(queries.list_candidates(made), key=value, reverse=True)
        assert names(asked(sort=sort)) == [c.account.name for c in falling], sort
        turned_round = names(asked(sort=f"-{sort}"))
        assert [value(c) for n in turned_round for c in falling if c.account.name == n] == sorted(map(value, falling))
    assert names(asked(sort="name")) == sorted(places)
    assert {row["Creator"][0]: row["Place"] for row in rows(asked(sort="name"))} == places
    made.refresh_from_db()
    assert [c.rank for c in queries.list_candidates(made)] == [1, 2, 3, 4, 5]


def test_a_heading_says_how_the_table_stands_and_leads_to_the_other_order(asked, visitor):
    assert heads(asked())["Place"][1] == "ascending"
    _, stands, href = heads(asked(sort="points_themes"))["Themes"]

    assert stands == "descending" and "sort=-points_themes" in href
    assert heads(visitor.get(href).content.decode())["Themes"][1] == "ascending"
    assert "aria-sort" not in asked(sort="points_themes").split("Place</a>")[0].rsplit("<th", 1)[1]
    assert (turned("score", "score"), turned("-score", "score"), turned("name", "score")) == (
        "-score",
        "score",
        "score",
    )


def test_an_order_that_is_none_shows_the_places(made, asked):
    assert (
        names(asked(sort="fame")) == names(asked(sort="-")) == [c.account.name for c in queries.list_candidates(made)]
    )


def test_the_browser_remembers_the_table_until_cards_are_asked_for(made, visitor):
    def is_table(address, **query):
        return 'class="sheet"' in visitor.get(address, query).content.decode()

    brief_page = url("brief", made.brief_id)
    assert not is_table(brief_page) and COOKIE not in visitor.cookies
    assert is_table(url("shortlist", made.pk), view="table") and is_table(brief_page)
    assert visitor.cookies[COOKIE]["httponly"] and visitor.cookies[COOKIE]["samesite"] == "Lax"
    assert not is_table(url("shortlist", made.pk), view="cards") and not is_table(brief_page)
    assert not is_table(brief_page, view="pie")


def test_a_slider_ranks_the_table_anew_in_the_order_that_it_has(made, visitor):
    weights = dict.fromkeys(made.weights, 0) | {"themes": 10}
    asked_for = {**weights, "diversity": 0, "view": "table", "sort": "followers"}
    html = visitor.get(url("shortlist", made.pk), asked_for, **HTMX).content.decode()

    assert html.lstrip().startswith('<section class="ranked"') and "a trial under other weights" in html
    assert names(html)[0] == "Star" and {row["Words"][0] for row in rows(html)} == {"0.0"}
    assert 'name="sort" value="followers"' in html and 'name="view" value="table"' in html
    kept = parse_qs(urlsplit(heads(html)["Score"][-1]).query)
    assert (kept["themes"], kept["words"], kept["sort"], kept["view"]) == (["10.0"], ["0.0"], ["score"], ["table"])
    assert "receipt" not in html.split("<tbody>")[1].split("cell-figure__receipt")[1][:40]


def test_weights_are_tried_without_javascript_in_the_order_of_the_table(made, visitor):
    fields = {**made.weights, "themes": 55, "diversity": "0.2", "view": "table", "sort": "-followers", "then": "try"}

    tried = visitor.post(url("weigh", made.brief_id), fields).url

    assert "view=table&sort=-followers" in tried and names(visitor.get(tried).content.decode())[-1] == "Star"


def test_ticks_stay_when_the_list_is_fetched_anew(made, visitor):
    mona, noe = account("mona").pk, account("noe").pk
    for view in ("table", "cards"):
        html = visitor.get(url("shortlist", made.pk), {"view": view, "a": [mona, "x", noe], "themes": 77}, **HTMX)
        ticked = re.findall(r'name="a" value="(\d+)"[^>]* checked', html.content.decode())
        assert set(ticked) == {str(mona), str(noe)}, view


def test_ticked_creators_are_dismissed_pinned_and_taken_back_with_one_entry_each(made, visitor, ada):
    address, two = f"{url('decide_many', made.pk)}?view=table&sort=name", [account(h).pk for h in ("mona", "noe")]
    for fields, said, kinds in (
        ({"quick": "Not our tone", "reason": ""}, "2 creators are dismissed.", {"dismissed"}),
        ({"kind": "pinned", "reason": "seen at the fair"}, "2 creators are pinned.", {"pinned"}),
        ({"kind": "withdrawn"}, "Nothing is decided about 2 creators any more.", set()),
    ):
        answer = visitor.post(address, {**fields, "a": two}, **HTMX)
        html = answer.content.decode()
        assert said in html and names(html) == sorted(names(html)) and " checked" not in html
        assert answer["HX-Trigger"] == "chosen"
        assert {d.kind for d in queries.decisions_of(made.brief).values()} == kinds
        assert governance.list_entries(ada.workspace_id).items[0].verb == "discovery.accounts_decided"
    assert list(Decision.objects.order_by("pk").values_list("reason", flat=True)[:4]) == [
        *["Not our tone"] * 2,
        *["seen at the fair"] * 2,
    ]


def test_what_is_decided_stands_in_the_row(made, visitor, asked):
    visitor.post(url("decide_many", made.pk), {"kind": "dismissed", "reason": "Hors sujet", "a": [account("noe").pk]})

    row = re.search(r'<tr id="candidate-\d+" data-line class="sheet__row--dismissed">.*?</tr>', asked(), re.DOTALL)[0]
    assert "Noe" in row and "“Hors sujet”" in row and row.count("dismissed") >= 2


def test_without_javascript_a_decision_comes_back_to_the_table_and_a_refusal_keeps_the_ticks(made, visitor):
    address, mona = f"{url('decide_many', made.pk)}?view=table&sort=name", account("mona").pk

    back = visitor.post(address, {"kind": "pinned", "a": [mona]})
    assert back.url == f"{url('shortlist', made.pk)}?view=table&sort=name"
    assert "1 creator is pinned." in visitor.get(back.url).content.decode()

    for fields, said in (
        ({"kind": "dismissed", "reason": " ", "a": [mona]}, "A dismissal needs a reason."),
        ({"kind": "pinned"}, "Nobody is ticked."),
        ({"kind": "pinned", "a": [mona]}, "That is decided already about everybody named."),
    ):
        refused = visitor.post(address, fields)
        html = refused.content.decode()
        assert refused.status_code == 409 and said in html and html.count(" checked") >= len(fields.get("a", []))
    assert Decision.objects.count() == 1
    assert visitor.post(address, {"kind": "adored", "a": [mona]}).status_code == 422


def test_ticked_creators_are_compared_with_the_shortlist_in_mind(made, visitor):
    mona, noe = account("mona").pk, account("noe").pk
    fields = {"kind": "compare", "a": [mona, noe]}
    wanted = f"/w/harbour/compare/?a={mona}&a={noe}&shortlist={made.pk}"

    assert visitor.post(url("decide_many", made.pk), fields).url == wanted
    assert visitor.post(url("decide_many", made.pk), fields, **HTMX)["HX-Redirect"] == wanted
    assert Decision.objects.count() == 0


def test_every_reason_of_a_row_opens_in_the_dialog_under_the_name(made, visitor):
    candidate = queries.list_candidates(made)[0]
    address = url("candidate", made.pk, candidate.account_id)

    html = visitor.get(address, **HTMX, HTTP_HX_TARGET="dialog-body").content.decode()

    assert html.lstrip().startswith("<article") and f">{candidate.account.name}</a></h2>" in html
    assert "Place 1," in html and "why__total" in html and "<blockquote" in html


def test_a_reader_sorts_and_compares_and_decides_nothing(made, signed_in, rita):
    client = signed_in(rita)
    html = client.get(url("shortlist", made.pk), {"view": "table", "sort": "followers"}).content.decode()

    assert len(rows(html)) == 5 and 'action="/w/harbour/compare/"' in html and 'name="a"' in html
    assert f'name="shortlist" value="{made.pk}"' in html and "/decide/" not in html
    assert client.post(url("decide_many", made.pk), {"kind": "pinned", "a": [account("mona").pk]}).status_code == 403
    assert Decision.objects.count() == 0


def test_a_stranger_decides_about_nobody(made, signed_in, dario):
    client = signed_in(dario)
    for slug in ("harbour", "elsewhere"):
        address = reverse("discovery:decide_many", args=[slug, made.pk])
        assert client.post(address, {"kind": "pinned", "a": [account("mona").pk]}).status_code == 404
    assert Decision.objects.count() == 0


def test_the_table_needs_as_many_queries_for_five_places_as_for_two(brief, visitor, ada, noon):
    counts = {}
    for limit in (2, 5):
        made = discovery.shortlist(brief_id=brief.pk, limit=limit, actor=ada, now=noon)
        for kind, more in (("kept", {}), ("trial", {"themes": 77})):
            asked_for = {"view": "table", **more}
            visitor.get(url("shortlist", made.pk), asked_for, **HTMX)
            with CaptureQueriesContext(connection) as found:
                visitor.get(url("shortlist", made.pk), asked_for, **HTMX)
            counts[limit, kind] = len(found)

    assert counts[2, "kept"] == counts[5, "kept"] and counts[2, "trial"] == counts[5, "trial"]
