"""What the tables of the studio hold about people."""
