"""Measuring the enrichers on public data with known answers; `sillage evaluate` runs what EVALUATIONS lists."""
