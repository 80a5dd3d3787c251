"""Words that say what people are, one TOML file per language, read by `governance.engine.sensitive`.

Words are folded (lower case, no accents); a star at the end stands for any ending; several words are joined by “_”. `order`
says where an adjective stands beside its noun. `persons` are words for people, `guardians` those who have children,
`topics` what content is about or made of, `childhood` things made for children, `stops` end a group of words, `links` lead
from people to what they are or have. Each category has `traits` (adjectives: refused beside people), `people` (refused by
themselves, unless a topic stands beside them), `conditions` (refused behind people and a link) and `always`.
"""
