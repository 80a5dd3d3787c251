"""Words that plain language says otherwise, and words for people that leave some out. Data, not code."""
