"""Words of tone: one TOML file per language, and `any.toml` for emoji and what is written alike everywhere.

Separated by commas: `strong_positive`, `positive`, `weak_positive` and the same three for `negative` (phrases of several
words are allowed and win over their words); `negators` turn what follows; `negated_after` are verbs that a negator may
follow (“j'aime pas”); `intensifiers` and `softeners` stand before a word; `contrasts` make what follows count more.
Write words in their dictionary form: light endings and accents are derived. All of it is written by hand for Sillage.
"""
