"""How dates are written where Django's own way would mislead: English pages are read in Europe, day first."""
