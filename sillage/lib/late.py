"""Modules that take long to load, each loaded when something of it is first used: most commands use none.

`from sillage.lib.late import linear_model, sparse`, then `linear_model.LogisticRegression(...)`, `sparse.csr_matrix(...)` in
functions, and in annotations anywhere. Another use at the top of a module would load the library for every command.
"""

from __future__ import annotations

import importlib
import threading
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any

_made: list[Late] = []
_loading = threading.RLock()  # libraries import in circles: two threads at it at once may each meet half of one


class Late(ModuleType):
    """Stands for a module until something of it is asked for.

    Beside each stands the import under `TYPE_CHECKING`, for those who check types and floors.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        _made.append(self)

    def __getattr__(self, name: str) -> Any:
        with _loading:
            found = getattr(importlib.import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def load_everything() -> None:
    """Load all of them now: a server does before it answers, so that no request waits for it."""
    for late in _made:  # loading one may make more
        with _loading, suppress(ImportError, OSError):  # a library that this machine lacks; who needs it says so
            importlib.import_module(late.__name__)


if TYPE_CHECKING:
    import lightgbm as lightgbm
    import openpyxl as openpyxl
    import pyarrow as pyarrow
    import xlsxwriter as xlsxwriter
    from openpyxl.utils import escape as escape
    from pyarrow import parquet as parquet
    from scipy import optimize as optimize
    from scipy import sparse as sparse
    from scipy import special as special
    from scipy import stats as stats
    from sklearn import cluster as cluster
    from sklearn import decomposition as decomposition
    from sklearn import ensemble as ensemble
    from sklearn import exceptions as exceptions
    from sklearn import feature_extraction as feature_extraction
    from sklearn import linear_model as linear_model
    from sklearn import metrics as metrics
    from sklearn import model_selection as model_selection
    from sklearn import pipeline as pipeline
    from sklearn import preprocessing as preprocessing
else:
    lightgbm = Late("lightgbm")
    openpyxl = Late("openpyxl")
    escape = Late("openpyxl.utils.escape")
    pyarrow = Late("pyarrow")
    parquet = Late("pyarrow.parquet")
    optimize = Late("scipy.optimize")
    sparse = Late("scipy.sparse")
    special = Late("scipy.special")
    stats = Late("scipy.stats")
    cluster = Late("sklearn.cluster")
    decomposition = Late("sklearn.decomposition")
    ensemble = Late("sklearn.ensemble")
    exceptions = Late("sklearn.exceptions")
    feature_extraction = Late("sklearn.feature_extraction")
    linear_model = Late("sklearn.linear_model")
    metrics = Late("sklearn.metrics")
    model_selection = Late("sklearn.model_selection")
    pipeline = Late("sklearn.pipeline")
    preprocessing = Late("sklearn.preprocessing")
    xlsxwriter = Late("xlsxwriter")
