"""Each word is signed; a file of it proves itself without the database, and names what was changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

import pytest

from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.acts import Act, Verdict
from sillage.governance.engine.approval_file import ApprovalFileMalformed, act_digest, check_approval_file
from sillage.governance.models import Approval, ApprovalRequest, Entry, SigningKey
from sillage.lib.errors import Refusal

T = datetime(2026, 6, 15, 12, tzinfo=UTC)
PAY = Act("campaigns.pay", "payment", "7", {"for": "Réel"}, ("mona@example.org",), Decimal("900.00"), "EUR")


@pytest.fixture
def request_id(ada, bruno):
    request = governance.ask_approval(act=PAY, summary="Pay Mona", actor=bruno, now=T)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="as agreed", actor=ada, now=T)
    return request.pk


@pytest.fixture
def file(ada, request_id):
    return queries.approval_file(ada.workspace_id, request_id, T)


def changed(file, change):
    document = json.loads(file)
    change(document)
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def test_an_exported_approval_holds(file):
    check = check_approval_file(file)
    assert check.holds and check.yeses == 1 and not check.is_pinned
    assert act_digest(check.file) == PAY.digest.hex()
    assert check.file.words[0].person == "Ada" and check.file.request["asked_by"] == "Bruno"


def test_every_byte_counts(file):
    """Each byte, one bit of it changed, its case included: refused as malformed, or a group is named."""
    whole = set()
    for place, bit in product(range(len(file)), (0x01, 0x20)):
        other = file[:place] + bytes([file[place] ^ bit]) + file[place + 1 :]
        try:
            check = check_approval_file(other)
        except ApprovalFileMalformed:
            continue
        assert not check.holds, (place, other[max(0, place - 20) : place + 20])
        whole |= {wrong.group for wrong in check.wrong}
    assert {"act", "request", "words.1", "state", "keys", "statement"} <= whole


@pytest.mark.parametrize(
    ("group", "change"),
    [
        ("act", lambda d: d["act"].update(amount="90000.00")),
        ("act", lambda d: d["act"]["content"].update({"for": "Story"})),
        ("act", lambda d: d["act"]["recipients"].append("gil@example.org")),
        ("request", lambda d: d["request"].update(expires_at="2030-01-01T00:00:00.000000+00:00")),
        ("words.1", lambda d: d["words"][0].update(person="Mia")),
        ("words.1", lambda d: d["words"][0].update(reason="whatever")),
        ("words", lambda d: d["words"].clear()),
        ("state", lambda d: d["state"].update(used_at=None, standing="waiting")),
        ("keys", lambda d: d["keys"].update({"0" * 16: "00" * 32})),
    ],
)
def test_the_group_of_fields_that_does_not_hold_is_named(group, change, file):
    check = check_approval_file(changed(file, change))
    assert group in {wrong.group for wrong in check.wrong}


def test_spaces_that_sillage_does_not_write_are_refused(file):
    assert [w.group for w in check_approval_file(file + b"\n").wrong] == ["form"]
    assert [w.group for w in check_approval_file(json.dumps(json.loads(file)).encode()).wrong] == ["form"]


def test_a_forger_with_a_key_of_their_own_is_found_by_pinning(ada, dario, request_id, file):
    public = bytes(SigningKey.objects.get().public).hex()
    assert check_approval_file(file, [public]).holds and check_approval_file(file, [public[:0] + key_of(file)]).holds
    ApprovalRequest.objects.update(workspace_id=dario.workspace_id)
    Approval.objects.all().delete()
    governance.decide_approval(request_id=request_id, verdict=Verdict.APPROVED, reason="forged", actor=dario, now=T)
    forged = queries.approval_file(dario.workspace_id, request_id, T)
    assert check_approval_file(forged).holds
    wrong = check_approval_file(forged, [public]).wrong
    assert [w.group for w in wrong] == ["keys"] and "none of those you trust" in wrong[0].sentence


def key_of(file):
    return json.loads(file)["statement"]["key"]


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"\xff\xfe", b'{"format": NaN}', b"[" * 5000])
def test_what_is_no_approval_file_is_refused_in_a_sentence(junk):
    with pytest.raises(ApprovalFileMalformed, match="not"):
        check_approval_file(junk)


def test_a_row_changed_in_the_database_does_not_export_as_signed(ada, request_id):
    ApprovalRequest.objects.update(amount=Decimal("9000.00"))
    check = check_approval_file(queries.approval_file(ada.workspace_id, request_id, T))
    assert [w.group for w in check.wrong] == ["act"]
    ApprovalRequest.objects.update(amount=Decimal("900.00"))
    Approval.objects.update(person_name="Mia")
    check = check_approval_file(queries.approval_file(ada.workspace_id, request_id, T))
    assert [w.group for w in check.wrong] == ["words.1"]


def test_a_rotated_key_verifies_what_it_signed(ada, bruno, request_id):
    old = SigningKey.objects.get()
    new = governance.rotate_signing_key(actor=ada, now=T)
    file = queries.approval_file(ada.workspace_id, request_id, T)
    check = check_approval_file(file)
    assert check.holds and set(check.file.keys) == {old.name, new.name}
    assert not check_approval_file(file, [new.name]).holds
    assert check_approval_file(file, [new.name, old.name]).holds
    assert [k.name for k in queries.list_signing_keys(ada.workspace_id)] == [new.name, old.name]
    assert Entry.objects.get(verb="governance.signing_key_rotated").facts["retired"] == old.name
    with pytest.raises(NotAllowed):
        governance.rotate_signing_key(actor=bruno, now=T)


def test_the_private_half_is_not_in_the_database(ada, request_id):
    row = SigningKey.objects.get()
    assert queries.get_key_pair(ada.workspace_id).public == bytes(row.public)
    assert queries.get_key_pair(ada.workspace_id).private not in bytes(row.private_sealed)


def test_without_any_word_there_is_no_key_to_sign_a_file(ada, bruno):
    request = governance.ask_approval(act=PAY, summary="Pay Mona", actor=bruno, now=T)
    with pytest.raises(Refusal, match="signed nothing yet"):
        queries.approval_file(ada.workspace_id, request.pk, T)


def run(tmp_path, *arguments):
    """The command in a process of its own, with a database that does not answer."""
    environment = {
        **os.environ,
        "SILLAGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none?connect_timeout=1",
        "SILLAGE_DATA": str(tmp_path),
    }
    return subprocess.run(
        [sys.executable, "-m", "sillage", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_the_command_verifies_without_a_database(tmp_path, file):
    path = tmp_path / "approval.json"
    path.write_bytes(file)
    done = run(tmp_path, "approval", "verify", str(path))
    assert done.returncode == 0, done.stderr
    assert "holds" in done.stdout and "the key in the file" in done.stdout
    done = run(tmp_path, "approval", "verify", str(path), "--key", key_of(file))
    assert done.returncode == 0 and "the key that you gave" in done.stdout
    path.write_bytes(file.replace(b"900.00", b"900.01"))
    done = run(tmp_path, "approval", "verify", str(path))
    assert done.returncode == 1 and "act" in done.stderr and "does not hold" in done.stderr
