"""Pure Python that every room may use: errors, text, time, paging, receipts. No Django, no clock, no network."""
