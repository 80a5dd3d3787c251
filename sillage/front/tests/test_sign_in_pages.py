"""Signing in and out, throttling, and the language of pages."""

from __future__ import annotations

import re

import pytest

from conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=False)


def sign_in(client, email="ada@example.org", password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_a_member_signs_in_with_e_mail_and_password(client, ada):
    answer = sign_in(client)

    assert answer.status_code == 302 and answer.url == "/"
    assert client.get("/w/harbour/").status_code == 200


def test_the_e_mail_addresss_capitals_do_not_matter(client, ada):
    assert sign_in(client, email="Ada@Example.org").status_code == 302


def test_sign_in_leads_to_the_page_that_was_asked_for(client, ada):
    first = client.get("/w/harbour/ledger/")
    assert first.url == "/accounts/login/?next=/w/harbour/ledger/"

    answer = client.post(first.url, {"login": "ada@example.org", "password": PASSWORD, "next": "/w/harbour/ledger/"})
    assert answer.url == "/w/harbour/ledger/"


def test_sign_in_never_leads_to_another_site(client, ada):
    answer = client.post(
        "/accounts/login/", {"login": "ada@example.org", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert "evil" not in answer.url


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(client, ada):
    client.cookies["django_language"] = "en"
    wrong = sign_in(client, password="not-the-password")
    unknown = sign_in(client, email="nobody@example.org", password="not-the-password")

    def said(answer):
        return re.findall(
            r'class="notice[^"]*".*?</p>|class="field__errors".*?</ul>', answer.content.decode(), re.DOTALL
        )

    assert wrong.status_code == unknown.status_code == 200
    assert said(wrong) and said(wrong) == said(unknown)


def test_guessing_is_throttled_even_with_the_right_password_at_last(client, ada):
    for _ in range(5):
        sign_in(client, password="not-the-password")

    answer = sign_in(client)

    assert answer.status_code in (200, 429) and client.get("/w/harbour/").status_code == 302


def test_nobody_signs_up_by_themselves(client, ada):
    answer = client.post("/accounts/signup/", {"email": "eve@example.org", "password1": "lantern-otter-17"})

    assert "_auth_user_id" not in client.session and answer.status_code in (200, 302)


def test_signing_out_forgets_the_browser(client, ada):
    sign_in(client)

    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/w/harbour/").status_code == 302


def test_signing_in_makes_a_new_session(client, ada):
    client.get("/accounts/login/")
    before = client.session.session_key
    sign_in(client)

    assert client.session.session_key != before


def test_the_language_that_one_chose_stays(client, ada):
    sign_in(client)
    assert '<html lang="fr"' in client.get("/w/harbour/").content.decode()

    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/w/harbour/ledger/"})

    assert answer.url == "/w/harbour/ledger/"
    assert '<html lang="en"' in client.get("/w/harbour/").content.decode()


def test_a_browsers_language_is_followed_until_one_chooses(client, ada):
    page = client.get("/accounts/login/", headers={"Accept-Language": "en-GB,en;q=0.8"}).content.decode()

    assert '<html lang="en"' in page


def test_forms_without_their_token_are_refused(ada):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403


def test_pages_forbid_scripts_and_frames_of_others(client, ada):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
