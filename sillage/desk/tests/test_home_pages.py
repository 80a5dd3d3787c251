"""Coming in, one's workspaces, and a workspace's home."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.catalogue.models import Account
from sillage.desk.queries.subjects import names_of
from sillage.discovery import actions as discovery
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Role
from sillage.governance.models import Member, Person

pytestmark = pytest.mark.usefixtures("english")


def test_the_start_page_leads_to_ones_workspace(signed_in, ada):
    assert signed_in(ada).get("/").url == "/w/harbour/"


def test_the_start_page_leads_to_the_workspace_where_one_was_last(signed_in, ada, dario, noon):
    governance.add_member(email="ada@example.org", role=Role.READER, password=None, actor=dario, now=noon)
    client = signed_in(ada)
    client.get("/w/harbour/")

    assert client.get("/").url == "/w/harbour/"
    assert client.post("/switch/", {"workspace": "elsewhere"}).url == "/w/elsewhere/"
    client.get("/w/elsewhere/")
    assert client.get("/").url == "/w/elsewhere/"


def test_nobody_switches_to_a_workspace_that_is_not_theirs(signed_in, ada, dario):
    assert signed_in(ada).post("/switch/", {"workspace": "elsewhere"}).status_code == 404


def test_somebody_without_a_workspace_is_told_what_to_do(client, ada, noon):
    person = Person.objects.create(email="chiara@example.org", joined_at=noon)
    client.force_login(person)

    page = client.get("/").content.decode()

    assert "nobody has let you into a workspace" in page and "sillage workspace open" in page


def test_an_ended_membership_ends_the_workspace(signed_in, ada, bruno, noon):
    client = signed_in(bruno)
    governance.remove_member(member_id=bruno.member_id, actor=ada, now=noon)

    assert client.get("/w/harbour/").status_code == 404


def test_an_empty_home_says_what_fills_it(signed_in, ada, rita):
    page = signed_in(ada).get("/w/harbour/").content.decode()

    for way in ('href="/w/harbour/imports/"', "sillage connect bluesky", "sillage enrich"):
        assert way in page.partition('class="steps"')[2]
    assert (
        'href="/w/harbour/imports/"' not in signed_in(rita).get("/w/harbour/").content.decode().partition('"steps"')[2]
    )


def test_home_counts_what_is_here_and_says_what_happened(signed_in, ada, filled, django_assert_max_num_queries):
    client = signed_in(ada)
    client.get("/w/harbour/")

    with django_assert_max_num_queries(12):
        page = client.get("/w/harbour/").content.decode()

    assert "brought profiles up to date" in page and "sillage import" not in page
    assert page.count("figure__label") == 4 and ">45<" in page


def test_home_shows_briefs_and_whether_they_have_a_shortlist(signed_in, ada, filled, noon):
    brief = discovery.open_brief(given={"text": "potager et jardin en France"}, actor=ada, now=noon)

    assert "no shortlist yet" in signed_in(ada).get("/w/harbour/").content.decode()
    discovery.shortlist(brief_id=brief.pk, limit=5, actor=ada, now=noon + timedelta(minutes=1))
    assert "no shortlist yet" not in signed_in(ada).get("/w/harbour/").content.decode()


def test_the_sample_world_is_marked_on_every_page(signed_in, ada, workspace):
    assert "Sample world" not in signed_in(ada).get("/w/harbour/").content.decode()
    workspace.is_sample = True
    workspace.save()

    for path in ("", "creators/", "coverage/", "ledger/", "members/"):
        assert "Sample world" in signed_in(ada).get(f"/w/harbour/{path}").content.decode()


def test_the_shell_tells_the_role_and_marks_where_one_is(signed_in, rita):
    page = signed_in(rita).get("/w/harbour/creators/").content.decode()

    assert "Reader" in page
    assert page.count('aria-current="page"') == 2  # in the navigation and in the breadcrumbs
    assert Member.objects.get(pk=rita.member_id).role == "reader"


def test_the_style_guide_is_for_those_who_are_signed_in(client, signed_in, rita):
    assert client.get("/styleguide/").status_code == 302
    assert signed_in(rita).get("/styleguide/").status_code == 200


def test_what_happened_names_whom_and_what_it_was_about(signed_in, ada, dario, filled, noon):
    brief = discovery.open_brief(given={"text": "potager et jardin en France"}, actor=ada, now=noon)
    discovery.dismiss(brief_id=brief.pk, account="instagram:mona", reason="too small", actor=ada, now=noon)
    account = Account.objects.get(handle="mona")

    for path in ("", "ledger/"):
        page = signed_in(ada).get(f"/w/harbour/{path}").content.decode()
        assert ">Mona</a>" in page and f">{brief.title}</a>" in page

    subjects = [("account", str(account.pk)), ("brief", str(brief.pk)), ("creator", str(account.creator_id))]
    assert names_of(dario.workspace_id, subjects) == {}
    assert names_of(ada.workspace_id, [*subjects, ("account", "9" * 30), ("token", "1"), ("brief", "x")]) == {
        subjects[0]: "Mona",
        subjects[1]: brief.title,
        **({subjects[2]: account.creator.name} if account.creator.name else {}),
    }
