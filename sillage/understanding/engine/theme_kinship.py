"""How far having one theme answers a wish for another: a theme wholly, a child for its parent wholly, a parent for its child
a little, two children of one parent not at all."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sillage.understanding.engine.themes import ThemeSet, theme_set

PARENT_FOR_CHILD = 0.3


@cache
def kinship() -> NDArray[np.float64]:
    """The shipped set's kinship, shape (wanted, had); `shares @ kinship().T` is how much of each theme accounts offer."""
    return kinship_of(theme_set())


def kinship_of(themes: ThemeSet) -> NDArray[np.float64]:
    kin = np.eye(len(themes.themes))
    for theme in themes.themes:
        if theme.parent is not None:
            child, parent = themes.index[theme.id], themes.index[theme.parent]
            kin[parent, child] = 1.0
            kin[child, parent] = PARENT_FOR_CHILD
    return kin
