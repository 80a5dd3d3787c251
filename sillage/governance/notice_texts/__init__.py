"""The notice of article 14 of the GDPR, per language, and the line on somebody's own page; read by `engine.notice`."""
