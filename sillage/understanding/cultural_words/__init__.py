"""What a machine should not judge alone: one TOML file per language, `any.toml`, and `dates.toml`.

Each list is named `flag` or `flag__reason`, phrases separated by commas. A list under `sure__...` names its flag without
doubt. `dates.toml` holds days of remembrance with the countries and languages that keep them. Listing a word says nothing
of who uses it: a person decides what it means there. All of it is written by hand for Sillage.
"""
