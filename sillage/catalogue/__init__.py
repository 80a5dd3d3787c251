"""Creators, their accounts, posts, comments and observations: everything that was fetched, and nothing that was guessed.

In: records from imports, connectors and the sample world (`engine/records.py`). Out: rows, one search card per account,
and account metrics with receipts. Three words to know: *account* (a creator on one network), *observation* (a measured
number at a time, appended and never overwritten), *card* (the one narrow row that search reads).
"""
