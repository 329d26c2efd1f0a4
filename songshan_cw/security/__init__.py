"""Sign-in, sessions, headers and masking. These modules know no app of the product."""
