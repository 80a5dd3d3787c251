"""Law packs: what the law of a country asks of a commercial publication, one TOML file each, read by `engine.law_packs`.

A pack has an id, a version (year.number: raise the number with every change), the countries of its audience, what its
labels are worth and its rules. A rule quotes what it asks, says who is bound, since when, where that is written and how it
was verified: `confidence` is P (the official text was read), S (read in a secondary source) or U (not verified). What is U
is never `pass`: such a wording asks for a person's review. `folds.toml` says how much of a caption networks show before
“more”: a setting of networks' applications, not law. A `block` rule must be signed off by counsel before it is relied on.

`checks` names what a rule looks at: label (is there one, and is its wording worth something), placement, every_item,
advertiser, consideration, platform_tool, signs, mention, ban, message, reminder, contract, registration.
"""
