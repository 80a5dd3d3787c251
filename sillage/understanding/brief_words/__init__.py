"""The words by which briefs in French and English are read, apart from themes: `sillage.understanding.engine.brief_words`.

`countries.toml` gives, per ISO 3166-1 alpha-2 code or group of codes, the country's names and the words for its people;
`words.toml` gives networks, languages, and the words that shape a brief without being its subject.
Words are separated by commas; case, accents and a plural -s are derived.
"""
