"""The theme set: one TOML file per parent theme, read by `sillage.understanding.engine.themes`.

Each `[[theme]]` has an id (`parent` or `parent.child`, never renamed), its names, the id that fits it best in the IAB
Content Taxonomy 3.1 (`iab`), and `[theme.words]`: for each language the words by which creators' posts give the theme away,
separated by commas. `any` holds words that creators use in every language. A word followed by `*` is unmistakable and
counts double. Write words in their dictionary form: plurals, hashtags written as one word and missing accents are derived.
Themes say what content is about, never what a person is.
"""
