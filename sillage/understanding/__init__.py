"""What posts and accounts are about, as signals: each a value with confidence, evidence, enricher and version.

In: posts of the catalogue. Out: signals per post, an editorial profile per account, and the account's search card.
Three words to know: *enricher* (a pure function over a batch of posts), *signal* (what it found, never a fact),
*profile* (an account's posts put together: themes, centroids, rhythm, brands).
"""
