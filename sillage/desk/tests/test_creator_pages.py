"""A creator's page: what they talk about, numbers with receipts, posts with signals, exclusion and erasure."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.models import Account, Brand, Creator, Tombstone
from sillage.desk.queries import portrait
from sillage.discovery import actions as discovery
from sillage.discovery.models import ExclusionList
from sillage.governance.engine.actors import Role
from sillage.governance.models import Entry, Member
from sillage.understanding.actions import bring_up_to_date

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def lea(ada, noon) -> Creator:
    """Léa writes on two networks; one follower count doubled within weeks, one post is paid, one address is hostile."""
    Brand.objects.create(workspace_id=ada.workspace_id, key="typology", name="Typology", handles=["typology"])
    texts = ("Semis de tomates au potager avec @typology", "Paillage des rosiers du jardin #ad", "مرحبا بالحديقة")
    insta = AccountRecord("instagram", "lea", "lea", name="Léa", bio="Jardin", country="FR", creator_key="lea")
    tube = AccountRecord("youtube", "UClea", "leajardine", name="Léa", creator_key="lea")
    posts = [
        PostRecord(
            "instagram",
            "lea",
            f"p{i}",
            noon - timedelta(days=9 * i),
            text=texts[i % 3],
            format="image",
            url="javascript:alert(1)" if i == 0 else f"https://example.org/{i}",
            paid_label=True if i == 1 else None,
        )
        for i in range(12)
    ]
    seen = [
        ObservationRecord("instagram", "lea", m, 40 + i, f"{m.value}_count", SourceClass.PUBLIC, noon, p.network_id)
        for i, p in enumerate(posts)
        for m in (Measure.LIKES, Measure.COMMENTS)
    ]
    seen += [
        ObservationRecord("instagram", "lea", Measure.FOLLOWERS, n, "followers_count", SourceClass.PUBLIC, noon - ago)
        for n, ago in ((9_000, timedelta(days=20)), (18_000, timedelta()))
    ]
    batch = Batch((insta, tube), tuple(posts), (), tuple(seen))
    ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon)
    return Creator.objects.get(key="lea")


@pytest.fixture
def page(signed_in, ada, lea):
    client = signed_in(ada)
    return lambda query="": client.get(f"/w/harbour/creators/{lea.pk}/{query}").content.decode()


def test_the_page_says_who_where_and_since_when(page):
    text = page()

    for word in ("Léa", "@lea", "Instagram", "France", "Jardin", "First seen", "instagram:lea"):
        assert word in text


def test_each_account_has_its_tab_and_the_larger_one_comes_first_into_view(page, lea):
    text = page()
    tube = Account.objects.get(network="youtube")

    assert f'href="?account={tube.pk}"' in text and "@leajardine" not in text
    assert "@leajardine" in page(f"?account={tube.pk}")


def test_an_account_of_somebody_else_is_not_found(signed_in, ada, lea, filled):
    other = Account.objects.get(handle="noe")

    assert signed_in(ada).get(f"/w/harbour/creators/{lea.pk}/?account={other.pk}").status_code == 404


def test_themes_have_their_share_and_the_posts_that_they_lead(page):
    row = re.search(r'<tr><th scope="row">Gardening and plants</th>.*?</tr>', page(), re.DOTALL).group()

    assert re.search(r"\d+%", row) and re.search(r"\d posts", row) and re.search(r"n = \d", row)


def test_languages_stand_in_the_order_of_their_share(page):
    shares = re.search(r"<h3>Languages</h3>(.*?)<h3>", page(), re.DOTALL).group(1)

    assert re.findall(r"<span>(\w+)</span>", shares) == ["French", "Arabic"]


def test_every_number_has_a_source_and_a_receipt_and_what_is_missing_is_a_dash(page):
    text = page()
    followers = re.search(r'<span class="figure__label">Followers</span>.*?</div>', text, re.DOTALL).group()
    views = re.search(r'<span class="figure__label">Median views per post</span>.*?</div>', text, re.DOTALL).group()

    assert "18k" in followers and "source--public" in followers and "/w/harbour/receipts/" in followers
    assert "missing" in views and "receipts" not in views


def test_a_warning_says_what_it_is_and_that_it_is_no_verdict(page):
    assert "Look twice" in page() and "A jump in followers" in page() and "no verdict" in page()


def test_posts_carry_their_numbers_with_field_and_source_and_what_machines_found(page):
    text = page()

    assert "likes_count" in text and "Paid partnership" in text
    assert "<mark>au potager</mark>" in text
    assert "actor--rule" in text and "actor--model" in text and "None of them is a fact" in text
    assert "Typology" in text and "commercial sign" in text


def test_text_is_marked_with_its_language_and_runs_its_own_way(page):
    assert re.search(r'<blockquote class="post__text" dir="auto" lang="ar">', page())


def test_a_hostile_address_is_no_link(page):
    assert "javascript:" not in page() and "https://example.org/1" in page()


def test_posts_go_on_page_by_page(page, monkeypatch):
    monkeypatch.setattr(portrait, "POSTS", 5)
    seen, query = 0, ""
    for _ in range(4):
        text = page(query)
        seen += text.count('class="post"')
        following = re.search(r'href="(\?account=[^"#]+)#posts" rel="next"', text)
        if not following:
            break
        query = following.group(1).replace("&amp;", "&")

    assert seen == 12


def test_an_account_that_nobody_read_says_what_to_do(signed_in, ada, noon):
    batch = Batch((AccountRecord("rss", "https://new.example/feed", "new", name="New"),))
    ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)

    text = signed_in(ada).get(f"/w/harbour/creators/{Creator.objects.get().pk}/").content.decode()

    assert "on the imports page" in text and "No post of this account" in text


def test_the_page_keeps_to_its_query_budget(signed_in, ada, lea, django_assert_max_num_queries):
    client = signed_in(ada)
    with django_assert_max_num_queries(32):  # one counts the approvals that await her, one her shortlists with Léa
        client.get(f"/w/harbour/creators/{lea.pk}/")


def test_an_account_leads_to_its_creator(signed_in, ada, lea):
    account = Account.objects.get(handle="lea")

    answer = signed_in(ada).get(f"/w/harbour/accounts/{account.pk}/")

    assert answer.url == f"/w/harbour/creators/{lea.pk}/?account={account.pk}"


# -- the picture -----------------------------------------------------------------------------------------------------


def test_the_picture_has_its_own_address_and_speaks_the_readers_language(signed_in, ada, lea):
    account = Account.objects.get(handle="lea")
    answer = signed_in(ada).get(f"/w/harbour/accounts/{account.pk}/themes.svg?width=300&ground=dark")

    assert answer["Content-Type"].startswith("image/svg+xml") and "private" in answer["Cache-Control"]
    assert "Gardening and plants" in answer.content.decode()


@pytest.mark.parametrize("query", ["width=301", "width=90000", "ground=pink", "width=x"])
def test_a_picture_of_another_size_is_refused(signed_in, ada, lea, query):
    account = Account.objects.get(handle="lea")

    assert signed_in(ada).get(f"/w/harbour/accounts/{account.pk}/themes.svg?{query}").status_code == 422


def test_the_pictures_numbers_stand_in_a_table(page):
    assert "The same as a table" in page() and re.search(r'<th scope="row">Jun 26</th><td class="num">\d', page())


# -- exclude and forget ----------------------------------------------------------------------------------------------


def test_an_analyst_puts_an_account_on_an_exclusion_list(signed_in, bruno, lea):
    account = Account.objects.get(handle="lea")

    signed_in(bruno).post(f"/w/harbour/accounts/{account.pk}/exclude/", {"name": "Competitors"})

    assert ExclusionList.objects.get(name="Competitors").account_ids == [account.pk]


def test_a_list_without_a_name_is_refused(signed_in, bruno, lea):
    account = Account.objects.get(handle="lea")

    assert signed_in(bruno).post(f"/w/harbour/accounts/{account.pk}/exclude/", {"name": " "}).status_code == 422


def test_before_an_erasure_the_page_says_what_goes(signed_in, ada, lea):
    text = signed_in(ada).get(f"/w/harbour/creators/{lea.pk}/forget/").content.decode()

    assert re.search(r"<dt>Posts</dt><dd>12</dd>", text) and re.search(r"<dt>Accounts</dt><dd>2</dd>", text)
    assert Creator.objects.filter(pk=lea.pk).exists()


def test_an_erasure_removes_the_person_and_enters_the_ledger(signed_in, ada, lea):
    answer = signed_in(ada).post(f"/w/harbour/creators/{lea.pk}/forget/", follow=True)

    assert not Creator.objects.filter(key="lea").exists() and Tombstone.objects.exists()
    assert Entry.objects.filter(verb="catalogue.creator_forgotten").count() == 1
    assert "No import brings them back" in answer.content.decode()


def test_an_analyst_may_not_erase(signed_in, bruno, lea):
    client = signed_in(bruno)

    assert client.get(f"/w/harbour/creators/{lea.pk}/forget/").status_code == 403
    assert client.post(f"/w/harbour/creators/{lea.pk}/forget/").status_code == 403
    assert f"/creators/{lea.pk}/forget/" not in client.get(f"/w/harbour/creators/{lea.pk}/").content.decode()
    assert Member.objects.get(pk=bruno.member_id).role == Role.ANALYST


def test_a_creator_whose_key_looks_like_a_number_is_not_taken_for_another(signed_in, ada, lea, noon):
    account = AccountRecord("rss", "https://twin.example/feed", "twin", name="Twin", creator_key=str(lea.pk))
    ingest(workspace_id=ada.workspace_id, batch=Batch((account,)), actor=ada, now=noon)

    assert "Léa" in signed_in(ada).get(f"/w/harbour/creators/{lea.pk}/").content.decode()


def test_another_workspace_does_not_find_the_creator(signed_in, dario, lea):
    account = Account.objects.get(handle="lea")
    client = signed_in(dario)

    for path in (f"creators/{lea.pk}/", f"accounts/{account.pk}/", f"accounts/{account.pk}/themes.svg"):
        assert client.get(f"/w/elsewhere/{path}").status_code == 404
        assert client.get(f"/w/harbour/{path}").status_code == 404


def test_the_page_says_where_the_creator_stands_in_the_newest_list_of_each_brief(signed_in, ada, lea, page, noon):
    brief = discovery.open_brief(given={"text": "Jardinage au potager"}, actor=ada, now=noon)
    assert "In your shortlists" not in page()
    for limit in (3, 5):
        made = discovery.shortlist(brief_id=brief.pk, limit=limit, actor=ada, now=noon + timedelta(minutes=limit))
    discovery.pin(brief_id=brief.pk, account="instagram:lea", reason="Très juste", actor=ada, now=noon)
    shown = page()

    account = Account.objects.get(handle="lea").pk
    assert "place 1 of 5" in shown and "place 1 of 3" not in shown
    assert f"/shortlists/{made.pk}/accounts/{account}/" in shown and 'title="Très juste"' in shown

    discovery.archive_brief(brief_id=brief.pk, actor=ada, now=noon)
    assert "In your shortlists" not in page()


def test_a_correction_is_offered_beside_what_it_corrects(page):
    assert "no theme found" in page() and "no commercial sign" in page()
