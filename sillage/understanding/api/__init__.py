"""The API of understanding, a module per subject; every router is put together here."""

from __future__ import annotations

from ninja import Router

from sillage.understanding.api.accounts import router as accounts
from sillage.understanding.api.collaborations import router as collaborations
from sillage.understanding.api.comments import router as comments
from sillage.understanding.api.learning import router as learning
from sillage.understanding.api.reading import router as reading
from sillage.understanding.api.topics import router as topics

router = Router(tags=["understanding"])
router.add_router("", reading)
router.add_router("", comments)
router.add_router("", accounts)
router.add_router("", topics)
router.add_router("", collaborations)
router.add_router("", learning)
