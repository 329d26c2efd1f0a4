"""Keeping what must last: proof that nothing moved, and the way out of and back into one file."""
