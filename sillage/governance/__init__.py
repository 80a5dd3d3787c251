"""Workspaces, members, tokens, the ledger and receipts: everything rests on these, and they know nobody.

In: who acts and what was done. Out: an `Actor` with rights, or a refusal; ledger entries chained by hash; receipts that
anyone can recompute. It refers to things only by (kind, id). Three words to know: *actor*, *entry*, *receipt*.
"""
