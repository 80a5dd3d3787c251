"""YouTube through its Data API v3, with a key of one's own, and within its daily quota."""
