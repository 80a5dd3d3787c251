"""Owners let people in; a token never does more than its member."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.front import settings as configured
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import NotAllowed, Right, Role
from sillage.governance.models import Member
from sillage.lib.errors import NotFound


def test_a_reader_cannot_let_people_in(rita, noon):
    with pytest.raises(NotAllowed, match="admin"):
        governance.add_member(email="x@example.org", role=Role.OWNER, password=None, actor=rita, now=noon)


def test_the_last_owner_stays(ada, noon):
    with pytest.raises(governance.LastOwner):
        governance.change_role(member_id=ada.member_id, role=Role.READER, actor=ada, now=noon)
    with pytest.raises(governance.LastOwner):
        governance.remove_member(member_id=ada.member_id, actor=ada, now=noon)


def test_a_weak_password_is_refused_with_the_reason(ada, noon):
    with pytest.raises(governance.PasswordTooWeak):
        governance.add_member(email="new@example.org", role=Role.READER, password="password", actor=ada, now=noon)


def test_a_password_is_kept_as_argon2_alone(ada, noon, settings):
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS
    member = governance.add_member(
        email="new@example.org", role=Role.READER, password="lantern-otter-17", actor=ada, now=noon
    )
    assert member.person.password.startswith("argon2$argon2id$")
    assert member.person.check_password("lantern-otter-17")


def test_something_that_is_no_address_is_refused(ada, noon):
    with pytest.raises(governance.EmailMalformed):
        governance.add_member(email="nobody", role=Role.READER, password=None, actor=ada, now=noon)


def test_nobody_joins_twice(ada, bruno, noon):
    with pytest.raises(governance.AlreadyMember):
        governance.add_member(email="BRUNO@example.org", role=Role.READER, password=None, actor=ada, now=noon)


def test_a_member_of_another_workspace_cannot_be_touched(ada, dario, noon):
    with pytest.raises(NotFound):
        governance.remove_member(member_id=dario.member_id, actor=ada, now=noon)


def test_a_workspace_that_is_not_yours_is_not_found(ada, dario):
    person = Member.objects.get(pk=dario.member_id).person
    with pytest.raises(NotFound):
        queries.get_actor(person, "harbour")


def test_a_new_password_replaces_the_old_one_and_signs_out_whoever_used_it(ada, bruno, noon, client):
    person = Member.objects.get(pk=bruno.member_id).person
    client.force_login(person)
    governance.set_password(email=person.email.upper(), password="lantern-otter-17", actor=ada, now=noon)

    person.refresh_from_db()
    assert person.check_password("lantern-otter-17")
    assert client.get("/w/harbour/").status_code == 302
    with pytest.raises(governance.PasswordTooWeak):
        governance.set_password(email=person.email, password="short", actor=ada, now=noon)


def test_nobody_sets_the_password_of_a_stranger(ada, dario, bruno, noon):
    stranger = Member.objects.get(pk=dario.member_id).person.email
    with pytest.raises(NotFound):
        governance.set_password(email=stranger, password="lantern-otter-17", actor=ada, now=noon)
    with pytest.raises(NotAllowed):
        governance.set_password(email=stranger, password="lantern-otter-17", actor=bruno, now=noon)


def test_a_token_is_not_made_to_be_over_already(ada, noon):
    with pytest.raises(governance.ExpiryPast):
        governance.issue_token(name="late", scopes=frozenset({Right.READ}), expires_at=noon, actor=ada, now=noon)


def test_a_token_speaks_for_its_member_within_its_scopes(ada, noon):
    _, secret = governance.issue_token(
        name="report", scopes=frozenset({Right.READ}), expires_at=None, actor=ada, now=noon
    )
    actor = queries.find_actor_of_token(secret, noon)
    assert actor.member_id == ada.member_id
    assert actor.rights == {Right.READ}


def test_a_token_cannot_exceed_its_maker(bruno, noon):
    with pytest.raises(governance.ScopeBeyondRole):
        governance.issue_token(name="x", scopes=frozenset({Right.ADMIN}), expires_at=None, actor=bruno, now=noon)


def test_a_token_loses_what_its_member_loses(ada, bruno, noon):
    _, secret = governance.issue_token(
        name="x", scopes=frozenset({Right.READ, Right.BRIEF}), expires_at=None, actor=bruno, now=noon
    )
    governance.change_role(member_id=bruno.member_id, role=Role.READER, actor=ada, now=noon)
    assert queries.find_actor_of_token(secret, noon).rights == {Right.READ}


@pytest.mark.parametrize("how", ["expired", "revoked", "removed", "wrong"])
def test_a_dead_token_speaks_for_nobody(ada, bruno, noon, how):
    token, secret = governance.issue_token(
        name="x", scopes=frozenset({Right.READ}), expires_at=noon + timedelta(days=1), actor=bruno, now=noon
    )
    if how == "revoked":
        governance.revoke_token(token_id=token.pk, actor=bruno, now=noon)
    if how == "removed":
        governance.remove_member(member_id=bruno.member_id, actor=ada, now=noon)
    if how == "wrong":
        secret = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    assert queries.find_actor_of_token(secret, noon + timedelta(days=2 if how == "expired" else 0)) is None
