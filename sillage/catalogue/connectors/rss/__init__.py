"""RSS and Atom feeds: a blog, a podcast, a channel. Of each entry an excerpt is kept, and the link back."""
