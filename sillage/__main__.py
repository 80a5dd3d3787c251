"""`python -m sillage` is the same as the command `sillage`."""

from sillage.front.cli import main

main()
