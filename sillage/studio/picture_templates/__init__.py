"""Templates of pictures that ship: plain, neutral, to begin with."""
