"""What is sealed opens only with the key of its workspace and purpose, and only unchanged."""

from __future__ import annotations

import pytest

from sillage.governance import queries
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.sealing import SealBroken, derived_key, seal, unseal


def test_what_is_sealed_opens_with_the_same_key_and_shows_nothing_of_itself() -> None:
    key = derived_key(b"installation", b"salt", "addresses")
    sealed = seal(key, b"12 rue des Mouettes, Nantes")
    assert unseal(key, sealed) == b"12 rue des Mouettes, Nantes"
    assert b"Mouettes" not in sealed
    assert sealed != seal(key, b"12 rue des Mouettes, Nantes")


def test_another_purpose_salt_or_secret_is_another_key() -> None:
    keys = {
        derived_key(*given) for given in ((b"s", b"a", "x"), (b"s", b"a", "y"), (b"s", b"b", "x"), (b"t", b"a", "x"))
    }
    assert len(keys) == 4


def test_every_changed_byte_is_noticed() -> None:
    key = derived_key(b"installation", b"salt", "addresses")
    sealed = seal(key, b"Nantes")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            unseal(key, changed)


def test_a_workspace_does_not_open_what_another_one_sealed(ada: Actor, dario: Actor) -> None:
    sealed = seal(queries.sealing_key(ada.workspace_id, "addresses"), b"Nantes")
    assert unseal(queries.sealing_key(ada.workspace_id, "addresses"), sealed) == b"Nantes"
    with pytest.raises(SealBroken, match="does not open"):
        unseal(queries.sealing_key(dario.workspace_id, "addresses"), sealed)
