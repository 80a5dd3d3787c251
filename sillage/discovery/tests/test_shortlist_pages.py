"""The shortlist on the page: figures that add up, posts that prove, sliders that rank anew, decisions of people."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sillage.catalogue.models import Account, Post
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.models import Brief, Decision, Shortlist
from sillage.discovery.tests.standing import catalogue, harbour, standing
from sillage.discovery.view_shapes import best_evidence

__all__ = ["catalogue", "harbour", "standing"]

TEXT = "Jardinage au naturel, potager, pas de surf"
HTMX = {"HTTP_HX_REQUEST": "true"}
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> potager'


@pytest.fixture
def brief(catalogue, ada, noon):
    return discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)


@pytest.fixture
def made(brief, ada, noon):
    return discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name, *args):
    return reverse(f"discovery:{name}", args=["harbour", *args])


def account(handle):
    return Account.objects.get(handle=handle)


def number(written):
    return float(written.replace("\N{MINUS SIGN}", "-").replace(",", "."))


def lines(html):
    """Per line of the list: name, score, and its figures by label."""
    found = []
    for line in re.split(r'<li class="candidate ', html)[1:]:
        name = re.search(r'class="identity__name"[^>]*>([^<]+)<', line)[1]
        score = number(re.search(r'class="candidate__score">([^<]+)<', line)[1])
        why = re.findall(r'</span>\s*([^<]+?) <strong class="num">([^<]+)</strong></span>', line)
        found.append((name, score, {label: number(value) for label, value in why}))
    return found


def test_figures_of_a_line_add_up_to_its_score_in_the_list_and_unfolded(made, visitor):
    html = visitor.get(url("brief", made.brief_id)).content.decode()
    found = lines(html)

    assert [name for name, _, _ in found][:2] in (["Mona", "Poppy"], ["Poppy", "Mona"])
    for _name, score, figures in found:
        assert sum(figures.values()) == pytest.approx(score, abs=1e-9)

    for candidate in queries.list_candidates(made):
        unfolded = visitor.get(url("candidate", made.pk, candidate.account_id), **HTMX).content.decode()
        values = re.findall(r'class="reasons__value">(?:<[^>]+>)?([^<]+)<', unfolded)
        total = number(re.search(r'class="why__total">.*?class="num">([^<]+)<', unfolded, re.DOTALL)[1])
        assert sum(number(v) for v in values if v != "-") == pytest.approx(total, abs=1e-9)
        assert total == pytest.approx(candidate.score, abs=0.051)


def test_an_unfolded_line_says_what_was_counted_and_shows_the_posts(made, visitor):
    html = visitor.get(url("candidate", made.pk, account("mona").pk), **HTMX).content.decode()

    assert ("of the recent posts" in html and "standard deviations" in html) or "Far more words" in html
    assert "posts per week" in html
    assert html.count("<blockquote") >= 6
    assert "<mark>" in html
    assert "The brief names no brand" in html
    page = visitor.get(url("candidate", made.pk, account("mona").pk)).content.decode()
    assert "<h1>" in page and "What computed this" in page


def test_an_account_below_the_list_is_explained_as_well(made, visitor):
    below = made.candidates.filter(rank=None).first()
    assert below is not None and below.reasons == []

    html = visitor.get(url("candidate", made.pk, below.account_id), **HTMX).content.decode()

    assert "Engagement for its size" in html and "why__total" in html


def test_sliders_rank_anew_and_say_who_moved(made, visitor):
    weights = dict.fromkeys(made.weights, 0) | {"themes": 10, "unwanted_themes": 0}
    html = visitor.get(url("shortlist", made.pk), {**weights, "diversity": 0}, **HTMX).content.decode()

    assert html.lstrip().startswith('<section class="ranked"')
    assert "a trial under other weights" in html and 'hx-swap-oob="true"' in html
    for _name, score, figures in lines(html):
        assert set(figures) <= {"Themes"} and sum(figures.values()) == pytest.approx(score)
    assert Shortlist.objects.count() == 1

    same = visitor.get(url("shortlist", made.pk), {**made.weights, "diversity": 0}, **HTMX).content.decode()
    assert "a trial under other weights" not in same


def test_who_moved_is_told_by_places(made, visitor):
    html = visitor.get(
        url("shortlist", made.pk), {"themes": 0, "words": 0, "meaning": 1, "diversity": "0.9"}
    ).content.decode()

    kept = [c.account.name for c in queries.list_candidates(made)]
    now = [name for name, _, _ in lines(html)]
    assert kept != now
    assert "▲" in html or "▼" in html or ">new<" in html


def test_weights_without_anything_editorial_are_refused_and_the_list_stays(made, visitor):
    answer = visitor.get(url("shortlist", made.pk), {"themes": 0, "words": 0, "meaning": 0}, **HTMX)

    assert answer.status_code == 422
    assert "nothing editorial is left" in answer.content.decode()
    assert len(lines(answer.content.decode())) == 3
    assert visitor.get(url("shortlist", made.pk), {"themes": "much"}).status_code == 422


def test_weights_are_kept_and_computed_with(made, visitor):
    fields = {**made.weights, "themes": 55, "diversity": "0.2"}

    tried = visitor.post(url("weigh", made.brief_id), {**fields, "then": "try"})
    assert "themes=55" in tried.url and Brief.objects.get().weights["themes"] != 55

    visitor.post(url("weigh", made.brief_id), {**fields, "then": "keep"})
    assert Brief.objects.get().weights["themes"] == 55 and Shortlist.objects.count() == 1

    visitor.post(url("weigh", made.brief_id), {**fields, "then": "compute", "limit": "2"})
    newest = queries.find_shortlist(made.brief)
    assert newest.weights["themes"] == 55 and newest.diversity == 0.2 and newest.limit == 2
    html = visitor.get(url("shortlist", made.pk)).content.decode()
    assert "An older list" in html and url("shortlist", newest.pk) in html


def test_a_pin_and_a_dismissal_are_answered_in_the_line(made, visitor):
    mona, noe = (f"{url('decide', made.brief_id, account(handle).pk)}?counted=1" for handle in ("mona", "noe"))
    assert mona in visitor.get(url("brief", made.brief_id)).content.decode()
    pinned = visitor.post(mona, {"kind": "pinned"}, **HTMX).content.decode()
    assert "pinned" in pinned and "Take back" in pinned and "1 pinned" in pinned

    refused = visitor.post(noe, {"kind": "dismissed", "reason": " "}, **HTMX)
    assert refused.status_code == 422 and "A dismissal needs a reason." in refused.content.decode()

    fields = {"kind": "dismissed", "quick": "Not our tone", "reason": ""}
    gone = visitor.post(noe, fields, **HTMX).content.decode()
    assert "“Not our tone”" in gone and "1 dismissed" in gone

    html = visitor.get(url("brief", made.brief_id)).content.decode()
    assert '<h2 id="dismissed">' in html and "Noe" in html.split('<h2 id="dismissed">')[1]

    back = visitor.post(noe, {"kind": "withdrawn"}, **HTMX).content.decode()
    assert "Take back" not in back and "Pin" in back
    assert [d.kind for d in Decision.objects.order_by("pk")] == ["pinned", "dismissed", "withdrawn"]


def test_what_is_decided_elsewhere_than_in_a_list_counts_nothing_there(made, visitor):
    asked = visitor.get(url("why_not", made.brief_id), {"account": "instagram:star"}, **HTMX)
    assert "/decide/?counted=1" in asked.content.decode()  # which stands above the list
    for address in (url("lookalikes") + f"?shortlist={made.pk}", url("candidate", made.pk, account("mona").pk)):
        html = visitor.get(address).content.decode()
        decide = re.search(r'hx-post="([^"]+/decide/[^"]*)"', html)[1]
        assert "counted" not in decide
        assert 'id="decided"' not in visitor.post(decide, {"kind": "pinned"}, **HTMX).content.decode()


def test_decisions_work_without_javascript(made, visitor):
    mona = account("mona")
    answer = visitor.post(url("decide", made.brief_id, mona.pk), {"kind": "pinned"})

    assert answer.url == f"{url('brief', made.brief_id)}#candidate-{mona.pk}"
    assert visitor.post(url("decide", made.brief_id, mona.pk), {"kind": "adored"}).status_code == 422


def test_a_pinned_account_stays_in_a_trial(made, visitor, ada, noon):
    out = next(h for h in ("noe", "star") if h not in {c.account.handle for c in queries.list_candidates(made)})
    discovery.pin(brief_id=made.brief_id, account=f"instagram:{out}", reason="", actor=ada, now=noon)

    html = visitor.get(url("shortlist", made.pk), {"themes": 99}, **HTMX).content.decode()

    assert out.title() in [name for name, _, _ in lines(html)]


def test_who_is_shown_stands_beside_who_reach_would_show(made, visitor):
    html = visitor.get(url("brief", made.brief_id)).content.decode()

    assert "<strong>3 of 3</strong> have fewer than 100,000 followers" in html or "of 3</strong>" in html
    assert "Ranked by reach it would be 2" in html
    assert html.count('class="bar tone-5"') >= 3


def test_why_not_answers_in_words(made, visitor, ada, noon):
    address = url("why_not", made.brief_id)
    star = visitor.get(address, {"account": "instagram:star"}, **HTMX).content.decode()
    assert "Why not Star?" in star
    assert re.search(r"points: place \d of 5 if no filter", star)

    discovery.exclude(name="competitors", account_ids=[account("star").pk], actor=ada, now=noon)
    discovery.dismiss(brief_id=made.brief_id, account="instagram:star", reason="trop grande", actor=ada, now=noon)
    said = visitor.get(address, {"account": str(account("star").pk)}).content.decode()
    assert "On an exclusion list" in said and "“trop grande”" in said

    assert "In the list, at place" in visitor.get(address, {"account": "mona"}, **HTMX).content.decode()
    assert "Nobody is called “xylophone” here" in visitor.get(address, {"account": "xylophone"}).content.decode()


def test_why_not_names_the_filters_that_fail(catalogue, visitor, ada, noon):
    given = {"text": "jardinage", "filters": {"countries": ["FR"], "max_followers": 5_000}}
    brief = discovery.open_brief(given=given, actor=ada, now=noon)
    discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)

    html = visitor.get(url("why_not", brief.pk), {"account": "instagram:basile"}, **HTMX).content.decode()

    assert "Does not pass these filters:" in html
    assert "<strong>country</strong>" in html.replace("\n", "") and "at most so many followers" in html


def test_files_hold_the_list(made, visitor):
    table = visitor.get(url("export", made.pk, "csv"))
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [r["handle"] for r in rows] == [c.account.handle for c in queries.list_candidates(made)]
    assert 'filename="jardinage-au-naturel-potager-pas-de-surf-2026-06-15.csv"' in table["Content-Disposition"]
    assert len(json.loads(visitor.get(url("export", made.pk, "json")).content)["candidates"]) == 3
    assert visitor.get(url("export", made.pk, "xlsx")).content[:2] == b"PK"
    assert visitor.get(url("export", made.pk, "docx")).status_code == 404


def sheet(content):
    """The first sheet of an XLSX as rows of {letter: text or number}; a date is a number of days."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
        rows = re.findall(r"<row [^>]*>(.*?)</row>", book.read("xl/worksheets/sheet1.xml").decode())
    cells = [re.findall(r'<c r="([A-Z]+)\d+"([^>]*)><v>([^<]*)</v>', row) for row in rows]
    return [{at: texts[int(v)] if 't="s"' in kind else float(v) for at, kind, v in row} for row in cells]


def test_a_file_says_themes_points_and_what_was_decided_each_in_a_column_of_its_own(made, visitor, ada, noon):
    discovery.pin(brief_id=made.brief_id, account="instagram:mona", reason="Très juste", actor=ada, now=noon)
    candidates = {c.account.handle: c for c in queries.list_candidates(made)}
    text = visitor.get(url("export", made.pk, "csv")).content.decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    rows = {row["handle"]: row for row in (dict(zip(head, line, strict=True)) for line in lines)}

    assert len(head) == len(set(head))
    assert rows["mona"]["themes"] == " ".join(candidates["mona"].account.card.themes) != ""
    points = {r["reason"]: r["points"] for r in candidates["mona"].reasons}
    assert float(rows["mona"]["points_themes"]) == pytest.approx(points["themes"])
    assert (rows["mona"]["decision"], rows["mona"]["decision_reason"]) == ("pinned", "Très juste")
    assert rows["poppy"]["decision"] == ""


def test_a_spreadsheet_speaks_the_readers_language_and_keeps_numbers_and_dates(made, visitor, settings):
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    head, *rows = sheet(visitor.get(url("export", made.pk, "xlsx")).content)
    at = {text: letter for letter, text in head.items()}
    mona = next(row for row in rows if row.get(at["Nom"]) == "Mona")
    card = account("mona").card

    assert len(at) == len(head)
    assert mona[at["Abonnés"]] == card.followers
    assert "Jardin et plantes" in mona["L"]
    assert date(1899, 12, 30) + timedelta(days=mona[at["Dernière publication"]]) == card.last_post_on


def test_lookalikes_of_one_and_of_a_whole_list_have_reasons_and_posts(made, visitor):
    of_one = visitor.get(url("lookalikes", account("mona").pk)).content.decode()
    assert "Mona" not in [name for name, _, _ in lines(of_one)]
    for _name, score, figures in lines(of_one):
        assert sum(figures.values()) == pytest.approx(score)
    assert of_one.count("<blockquote") >= 3

    of_list = visitor.get(url("lookalikes"), {"shortlist": made.pk}).content.decode()
    shown = {c.account.name for c in queries.list_candidates(made)}
    assert shown.isdisjoint(name for name, _, _ in lines(of_list))
    assert "Pin" in of_list

    assert "Whom should they resemble?" in visitor.get(url("lookalikes")).content.decode()
    assert visitor.get(url("lookalikes"), {"a": "999"}).status_code == 404


def test_what_creators_write_is_never_markup(made, visitor):
    mona = account("mona")
    Post.objects.filter(account=mona).update(text=HOSTILE, title=HOSTILE, url="javascript:alert(1)")
    Account.objects.filter(pk=mona.pk).update(name='<b onclick="x()">Mona</b>', handle="<i>mona</i>")

    for address in (
        url("brief", made.brief_id),
        url("candidate", made.pk, mona.pk),
        url("lookalikes", mona.pk),
        f"{url('why_not', made.brief_id)}?account={mona.pk}",
    ):
        html = visitor.get(address).content.decode()
        assert "<script>alert" not in html and "<img src=x" not in html and "<b onclick" not in html
        assert "javascript:alert" not in html
    assert "&lt;script&gt;" in html or "&lt;b onclick" in html


def test_the_page_needs_as_many_queries_for_five_places_as_for_two(brief, visitor, ada, noon):
    counts = {}
    for limit in (2, 5):
        made = discovery.shortlist(brief_id=brief.pk, limit=limit, actor=ada, now=noon)
        for kind, more in (("kept", {}), ("trial", {"themes": 77})):
            visitor.get(url("shortlist", made.pk), more)
            with CaptureQueriesContext(connection) as asked:
                visitor.get(url("shortlist", made.pk), more)
            counts[made.limit, kind] = len(asked)

    assert counts[2, "kept"] == counts[5, "kept"] <= 16
    assert counts[2, "trial"] == counts[5, "trial"] <= 18


def test_a_brief_without_a_subject_says_what_to_do(catalogue, visitor, ada, noon):
    brief = discovery.open_brief(given={"text": "quelque chose de bien"}, actor=ada, now=noon)
    assert "No subject in this brief yet" in visitor.get(url("brief", brief.pk)).content.decode()

    answer = visitor.post(url("compute", brief.pk), {"limit": "10"})
    assert answer.status_code == 409 and "No subject was recognised in this brief" in answer.content.decode()


def test_filters_that_nobody_passes_are_told_on_the_page(catalogue, visitor, ada, noon):
    brief = discovery.open_brief(given={"text": "jardinage", "filters": {"countries": ["JP"]}}, actor=ada, now=noon)

    answer = visitor.post(url("compute", brief.pk))

    assert answer.status_code == 409 and "Widen the countries" in answer.content.decode()


def test_saving_a_brief_can_lead_straight_to_its_shortlist(catalogue, visitor):
    answer = visitor.post(url("new"), {"text": TEXT, "then": "shortlist"}, follow=True)

    assert answer.status_code == 200
    assert len(lines(answer.content.decode())) == 5
    assert "What computed this" in answer.content.decode()


def test_a_reader_moves_sliders_and_decides_nothing(made, signed_in, rita):
    client = signed_in(rita)
    html = client.get(url("brief", made.brief_id)).content.decode()

    assert 'type="range"' in html and "/why-not/" in html and "/export/csv/" in html
    assert "/decide/" not in html and "/compute/" not in html and 'value="keep"' not in html
    assert client.get(url("shortlist", made.pk), {"themes": 77}, **HTMX).status_code == 200
    assert client.post(url("decide", made.brief_id, account("mona").pk), {"kind": "pinned"}).status_code == 403
    assert client.post(url("compute", made.brief_id)).status_code == 403
    assert Decision.objects.count() == 0


def test_somebody_of_another_workspace_finds_no_shortlist(made, signed_in, dario):
    client = signed_in(dario)
    mona = account("mona").pk
    for slug in ("harbour", "elsewhere"):
        for name, args in (
            ("shortlist", (made.pk,)),
            ("candidate", (made.pk, mona)),
            ("export", (made.pk, "csv")),
            ("why_not", (made.brief_id,)),
            ("lookalikes", (mona,)),
        ):
            assert client.get(reverse(f"discovery:{name}", args=[slug, *args])).status_code == 404
        decide = reverse("discovery:decide", args=[slug, made.brief_id, mona])
        assert client.post(decide, {"kind": "pinned"}).status_code == 404


def test_the_page_speaks_french(made, visitor, settings):
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    html = visitor.get(url("brief", made.brief_id)).content.decode()

    assert "Pourquoi pas" in html and "Qui est montré" in html and "Épingler" in html
    for _name, score, figures in lines(html):
        assert sum(figures.values()) == pytest.approx(score)


def test_it_says_that_a_formula_and_not_an_oracle_computed_it(made, visitor):
    html = visitor.get(url("brief", made.brief_id)).content.decode()
    assert "It is no oracle" in html and "actor--rule" in html and "only themes carry over" in html

    made.versions = {**made.versions, "meaning": ""}
    made.save()
    assert "The comparison of meaning is off" in visitor.get(url("brief", made.brief_id)).content.decode()
    assert made.computed_at <= timezone.now()


def test_the_post_of_a_line_carries_a_reason_that_gives_points():
    def told(name, part):
        return {"reason": name, "part": part, "posts": [{"post": name, "words": []}]}

    assert best_evidence([told("themes", 0.0), told("words", 0.0), told("meaning", 0.4)])[0]["post"] == "meaning"
    assert best_evidence([told("words", 0.2), told("themes", 0.1)])[0]["post"] == "themes"
    assert best_evidence([told("themes", 0.0), told("meaning", None)]) == []


def test_who_says_nothing_about_the_themes_is_marked_and_the_others_are_counted(brief, visitor, ada, noon):
    discovery.shortlist(brief_id=brief.pk, limit=5, actor=ada, now=noon)
    html = visitor.get(url("brief", brief.pk)).content.decode()
    off = {
        n: "off the themes" in part for n, part in re.findall(r'identity__name"[^>]*>([^<]+)<(.*?)</li>', html, re.S)
    }

    assert off["Noe"] and not off["Mona"] and not off["Poppy"]
    assert f"{list(off.values()).count(False)} talk about your themes" in html


def test_lookalikes_of_a_list_resemble_those_pinned_and_show_nobody_seen_before(made, visitor, ada, noon):
    discovery.pin(brief_id=made.brief_id, account="instagram:mona", reason="", actor=ada, now=noon)
    discovery.dismiss(brief_id=made.brief_id, account="instagram:star", reason="trop grande", actor=ada, now=noon)
    html = visitor.get(url("lookalikes"), {"shortlist": made.pk}).content.decode()
    models = html.split('<ul class="models">')[1].split("</ul>")[0]
    seen = {c.account.name for c in queries.list_candidates(made)} | {"Star"}

    assert "Mona" in models and "Poppy" not in models
    assert "the creator pinned in" in html
    assert seen.isdisjoint(name for name, _, _ in lines(html))


def test_why_not_finds_a_name_that_is_only_begun(made, visitor):
    assert "In the list, at place" in visitor.get(url("why_not", made.brief_id), {"account": "mon"}).content.decode()
