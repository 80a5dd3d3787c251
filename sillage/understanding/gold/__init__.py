"""Gold sets: invented texts with the labels that readers would agree on. Candidates are measured on them; none learns."""
