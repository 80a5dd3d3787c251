from sillage.front.tests.conftest import *
import time
from django.db import connection
from django.test.utils import CaptureQueriesContext
def test_try(catalogue, owners):
    for path in ("me","accounts","accounts/instagram:mona"):
        with CaptureQueriesContext(connection) as c: owners.get(path)
        t=time.perf_counter()
        for _ in range(60): owners.get(path)
        print(path, len(c), "queries", (time.perf_counter()-t)/60*1000, "ms")
    with CaptureQueriesContext(connection) as c: owners.get("me")
    for q in c.captured_queries: print(q["sql"][:110], q["time"])
