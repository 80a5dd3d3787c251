"""Clause blocks: the texts that contracts are put together from, one TOML file per language, and the page they are set on.

They were written for Sillage and are a draft: a lawyer reads and adapts them before use. A block has an id (the same in
every language), a title, what the law asks for that it `holds` (keys of the law pack fr, rule FR-CTR-02) and paragraphs.
`{name}` stands for a value of `engine/clauses.py`; `with` names a value without which a block or paragraph is left out,
`without` one with which it is; `each` makes one item per value of a list. `optional` blocks may be left out by a person.
"""
