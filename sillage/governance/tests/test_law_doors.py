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
        ({"consideration": "love"}, "“consideration” cannot be “love”."),
        ({"category": "unicorns"}, "“unicorns” is no sector."),
        ({"contract.payments": "1200"}, "The contract has no year."),
        ({"contract.year": "2026", "contract.payments": "much"}, "“payments” cannot be"),
        ({"stated.anything": "yes"}, "“anything” is no question of the packs."),
        ({"published_on": "soon"}, "“soon” is not a day."),
        ({"caption": "a" * 20_001}, "up to 20000 are read"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_one_sentence(signed_in, rita, workspace, english, given, said):
    page = _page(signed_in(rita), workspace, **(FRENCH_AD | given))
    assert page.status_code == 422 and said in page.content.decode()


def test_every_rule_can_be_read(signed_in, rita, workspace, english):
    text = signed_in(rita).get(reverse("governance:law_packs", args=[workspace.slug])).content.decode()
    assert "IT-AGCOM-01" in text and reverse("governance:law_pack", args=[workspace.slug, "it"]) in text


def test_what_is_not_told_is_asked_and_the_answers_can_be_given_there(signed_in, rita, workspace, english):
    client = signed_in(rita)
    given = {
        "country": "FR",
        "caption": "Publicité : du thé @halden",
        "consideration": "paid",
        "category": "dropshipping",
    }
    text = _page(client, workspace, **given).content.decode()
    assert "Was a silhouette made thinner or thicker" in text
    assert 'name="stated.goods_checked" form="law-form"' in text
    answers = {"stated.supplier_told": "yes", "stated.goods_checked": "no"}
    answered = _page(client, workspace, **given, **answers).content.decode()
    assert "with yes: Has the creator checked that the product is available" in answered
    assert '<input type="hidden" name="stated.goods_checked" value="no" form="law-form">' in answered


def test_a_post_of_which_all_is_known_passes(signed_in, rita, workspace, english):
    known = {
        "country": "FR",
        "caption": "Publicité avec @halden",
        "consideration": "paid",
        "category": "other",
        "image.retouched": "no",
        "image.synthetic": "no",
        "ai.generated": "no",
        "ai.c2pa_in": "no",
        "creator.under_16": "no",
        "creator.outside_eea": "no",
    }
    text = _page(signed_in(rita), workspace, **known).content.decode()
    assert "Passes these rules" in text and "law-asked" not in text


def test_the_contract_of_a_year_is_judged_on_the_page(signed_in, rita, workspace, english):
    deal = {"contract.year": "2026", "contract.payments": "600", "contract.in_kind": "400,00"}
    text = _page(signed_in(rita), workspace, country="FR", **deal).content.decode()
    assert "Sign a written contract: 1,000.00 EUR in all reaches 1,000.00 EUR." in text


def test_generated_pictures_bring_the_questions_of_the_ai_act(signed_in, rita, workspace, english):
    text = _page(
        signed_in(rita), workspace, country="FR", caption="Publicité", **{"image.synthetic": "yes"}
    ).content.decode()
    assert "Does the file carry marks that machines read" in text


def test_a_pack_can_be_read_as_a_lawyer_reads_it(client, signed_in, rita, workspace):
    page = reverse("governance:law_pack", args=[workspace.slug, "fr"])
    client.cookies["django_language"] = "en"
    text = signed_in(rita).get(page).content.decode()
    for part in ("not legal advice", "FR-LIM-01", "What it needs to know", "Does the operator hold a licence?", "P/S"):
        assert part in text
    client.cookies["django_language"] = "fr"
    text = client.get(page).content.decode()
    for part in (
        "pas un conseil juridique",
        "Rémunération, ou ses modalités de calcul",
        "à partir du 1er janvier 2026",
    ):
        assert part in text


def test_a_pack_that_there_is_not_is_not_found(signed_in, rita, dario, workspace):
    assert signed_in(rita).get(reverse("governance:law_pack", args=[workspace.slug, "xx"])).status_code == 404
    assert signed_in(dario).get(reverse("governance:law_pack", args=[workspace.slug, "fr"])).status_code == 404


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


def test_the_api_judges_contracts_pictures_and_machines_and_asks_what_it_is_not_told(signed_in, rita, workspace):
    body = {
        "country": "FR",
        "contract": {"year": 2026, "payments": ["600"], "in_kind": [400]},
        "image": {"retouched": True},
        "ai": {"generated": True, "marked": False, "system_on_market": "2026-07-01"},
        "on": "2026-11-30",
    }
    answer = _post(signed_in(rita), workspace, body).json()
    verdicts = {f["rule"]: f["verdict"] for f in answer["findings"]}
    assert (answer["verdict"], verdicts["FR-CTR-01"], verdicts["AI-50-2-GRACE"]) == ("block", "block", "warn")
    assert {"image.depicts", "image.synthetic", "ai.deepfake"} <= {q["fact"] for q in answer["questions"]}
    assert all(q["question"].endswith("?") and q["rules"] for q in answer["questions"])


def test_the_api_says_where_words_stand_and_how_a_rule_was_verified(signed_in, rita, workspace):
    body = {"country": "FR", "caption": "Publicité @halden", "consideration": "paid", "sector": {"category": "crypto"}}
    findings = {f["rule"]: f for f in _post(signed_in(rita), workspace, body).json()["findings"]}
    assert findings["FR-DISC-01"]["at"] == [{"part": "caption", "start": 0, "end": 9}]
    assert findings["FR-DISC-01"]["text_from"] == "mirror" and findings["FR-BAN-06"]["confidence"] == "S/U"


def test_the_api_refuses_a_question_that_no_pack_asks(signed_in, rita, workspace):
    answer = _post(signed_in(rita), workspace, {"country": "FR", "caption": "x", "stated": {"nothing": True}})
    assert answer.status_code == 422 and "licensed_operator" in answer.json()["hint"]


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
    assert '"pack": "fr"' in _run("packs", "--json").output
    assert "UK-CMA-01" in _run("packs", "--pack", "uk", "--json").output


def test_the_command_reads_facts_from_a_file_and_answers_from_options(tmp_path):
    facts = tmp_path / "facts.toml"
    facts.write_text('caption = "Publicité @halden"\nconsideration = "paid"\nsector = { category = "dropshipping" }\n')
    asked = _run("check", "--country", "FR", "--facts", str(facts))
    assert "stated.supplier_told" in asked.output and asked.exit_code == 0
    answers = ["--state", "supplier_told=yes", "--state", "goods_checked=no", "--json"]
    found = json.loads(_run("check", "--country", "FR", "--facts", str(facts), *answers).output)
    assert found["verdict"] == "warn"
    assert {q["fact"] for q in found["questions"]} == {"stated.arpp_bound", "stated.sells_own"}
    answers += ["--state", "arpp_bound=no", "--state", "sells_own=no"]
    assert json.loads(_run("check", "--country", "FR", "--facts", str(facts), *answers).output)["questions"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [('caption = "', "This is not TOML"), ("image = { retouched = 3 }", "“retouched” cannot be “3”.")],
)
def test_a_file_of_facts_that_cannot_be_read_is_refused(tmp_path, text, said):
    facts = tmp_path / "facts.toml"
    facts.write_text(text)
    refusal = _run("check", "--facts", str(facts)).exception
    assert isinstance(refusal, Refusal) and said in refusal.message and refusal.place


def test_an_answer_that_is_neither_yes_nor_no_is_misuse():
    assert _run("check", "--caption", "x", "--state", "licensed_operator=perhaps").exit_code == 2


def test_the_form_takes_a_long_caption_in_every_language(client, signed_in, rita, workspace):
    for language in ("en", "fr"):
        client.cookies["django_language"] = language
        text = signed_in(rita).get(reverse("governance:law", args=[workspace.slug])).content.decode()
        assert 'maxlength="20000"' in text and "&lt;more&gt;" in text
