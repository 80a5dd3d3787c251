"""Law packs: what the law of a country asks of a commercial publication, a folder each, read by `engine.law_parsing`.

`pack.toml` has an id, a version (year.number: raise the number with every change), the countries of its audience, what its
labels are worth, its rules and the questions that they put to people; `cases.toml` what the rules must say. A rule quotes
what it asks (or sums it up in English and French), says who is bound, since when and until when, where that is written and
how it was verified: `confidence` is P (the official text was read), S (read in a secondary source) or U (not verified), two
letters where its two parts differ, “product” for a choice of Sillage. A rule that is U never blocks: it asks. `folds.toml`
says how much of a caption networks show before “more”: a setting of networks' applications, not law. `words.toml` holds what
pages say about packs. A `block` rule must be signed off by counsel before it is relied on.

`checks` names what a rule looks at (`words.toml` says what each does), `when` for which facts it speaks, `needs` what it must
be told.
"""
