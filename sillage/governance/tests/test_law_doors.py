"""The law check on its page, in the API and on the command line: the same findings, and nothing kept."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.urls import reverse

from sillage.governance import queries as governance
from sillage.governance.cli.law import law
from sillage.lib.errors import Refusal

FRENCH_AD = {"country": "FR", "caption": "Merci à @marque #ad #love", "consideration": "paid"}


@pytest.fixture
def english(client, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"


def _page(client, workspace, **given):
    return client.post(reverse("governance:law", args=[workspace.slug]), given)


def test_the_page_offers_the_form(signed_in, rita, workspace, english):
    page = signed_in(rita).get(reverse("governance:law", args=[workspace.slug]))
    assert b"Country of the audience" in page.content and b"not legal advice" in page.content


def test_the_page_tells_the_rule_the_words_seen_and_what_to_change(signed_in, rita, workspace, english):
    text = _page(signed_in(rita), workspace, **FRENCH_AD).content.decode()
    for part in ("Not like this", "FR-DISC-01", "Merci à @marque, #ad", "“Publicité”", "L. 121-3", "tricoteuses.fr"):
        assert part in text


def test_the_page_speaks_french(client, signed_in, rita, workspace):
    client.cookies["django_language"] = "fr"
    text = _page(signed_in(rita), workspace, **FRENCH_AD).content.decode()
    assert "L’intention commerciale doit être indiquée" in text


def test_a_caption_of_markup_is_shown_as_text(signed_in, rita, workspace, english):
    text = _page(signed_in(rita), workspace, country="FR", caption="<script>alert(1)</script> #ad").content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"country": "BR"}, "There is no law pack for “BR”."),
        ({"consideration": "love"}, "“love” is no consideration."),
        ({"published_on": "soon"}, "“soon” is not a day."),
        ({"caption": "a" * 20_001}, "up to 20000 are read"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_one_sentence(signed_in, rita, workspace, english, given, said):
    page = _page(signed_in(rita), workspace, **(FRENCH_AD | given))
    assert page.status_code == 422 and said in page.content.decode()


def test_every_rule_can_be_read(signed_in, rita, workspace, english):
    text = signed_in(rita).get(reverse("governance:law_packs", args=[workspace.slug])).content.decode()
    assert "IT-AGCOM-01" in text and "Not verified." in text


def test_a_stranger_sees_no_page(signed_in, dario, workspace):
    assert signed_in(dario).get(reverse("governance:law", args=[workspace.slug])).status_code == 404


def _post(client, workspace, body):
    return client.post(f"/api/v1/{workspace.slug}/law/check", json.dumps(body), content_type="application/json")


def test_the_api_answers_findings_and_keeps_nothing(signed_in, rita, workspace):
    entries = len(governance.list_entries(workspace.pk, limit=100).items)
    answer = _post(signed_in(rita), workspace, FRENCH_AD).json()
    assert answer["severity"] == "block" and answer["packs"].keys() == {"fr", "eu"}
    first = answer["findings"][0]
    assert (first["rule"], first["effective_on"]) == ("FR-DISC-01", "2024-11-07")
    assert first["change"].startswith("Replace this wording") and "not legal advice" in answer["note"]
    assert len(governance.list_entries(workspace.pk, limit=100).items) == entries


def test_the_api_names_the_countries_that_there_are(signed_in, rita, workspace):
    answer = _post(signed_in(rita), workspace, {**FRENCH_AD, "country": "BR"})
    assert answer.status_code == 422 and "FR, GB" in answer.json()["hint"]


def test_the_api_lists_packs_with_their_rules(signed_in, rita, workspace):
    packs = signed_in(rita).get(f"/api/v1/{workspace.slug}/law").json()["items"]
    assert {p["id"] for p in packs} == {"de", "es", "eu", "fr", "it", "uk", "us"}
    assert all(rule["requirement"] and rule["source"] for p in packs for rule in p["rules"])


def _run(*arguments: str):
    return CliRunner().invoke(law, list(arguments))


def test_the_command_says_what_blocks_and_exits_with_one():
    done = _run("check", "--country", "FR", "--caption", "Merci à @marque #ad", "--consideration", "paid")
    assert done.exit_code == 1
    assert "FR-DISC-01" in done.output and "not legal advice" in " ".join(done.output.split())


def test_the_command_passes_a_labelled_caption_as_json():
    done = _run("check", "--country", "GB", "--caption", "AD | new drop", "--consideration", "paid", "--json")
    assert done.exit_code == 0
    assert json.loads(done.output)["severity"] == "pass"


def test_the_command_refuses_a_country_without_a_pack():
    refusal = _run("check", "--country", "BR", "--caption", "x").exception
    assert isinstance(refusal, Refusal) and "GB" in refusal.hint


def test_the_command_lists_packs_and_the_rules_of_one():
    assert '"pack": "fr"' in _run("list", "--json").output
    assert "UK-CMA-01" in _run("list", "--pack", "uk", "--json").output
