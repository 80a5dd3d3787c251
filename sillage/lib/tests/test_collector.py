"""The garbage collector is paused, and afterwards as it was."""

from __future__ import annotations

import gc

import pytest

from sillage.lib.collector import collector_paused


def test_a_pause_leaves_garbage_collection_as_it_was() -> None:
    was_on = gc.isenabled()
    try:
        for state, switch in ((True, gc.enable), (False, gc.disable)):
            switch()
            with pytest.raises(ZeroDivisionError), collector_paused():
                assert not gc.isenabled()
                _ = 1 / 0
            assert gc.isenabled() is state
    finally:
        (gc.enable if was_on else gc.disable)()
