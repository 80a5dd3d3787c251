"""The studio measured on data with known answers."""

EVALUATIONS: dict[str, str] = {
    "voice": "One author's texts told from others' of the same theme (folder of the public data sets).",
    "spelling": "Spelling and grammar, English (JFLEG) and French (sentences that come with Sillage).",
}
