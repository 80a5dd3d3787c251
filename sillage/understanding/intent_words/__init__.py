"""What comments ask for: one TOML file per language, and `any.toml` for what is written alike everywhere.

Lists are named by intent (question, purchase, complaint, praise, spam, request), phrases separated by
commas; those under `sure_...` are unmistakable and count double. `trouble` are things that complaints are about: with a
negative tone they make one. Phrases stand in the form in which they are said. All of it is written by hand for Sillage.
"""
