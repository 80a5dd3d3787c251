"""How well discovery finds: affinity on public data, and briefs with known answers over the sample world."""
