"""Text and lists of the sample world, written by hand."""
