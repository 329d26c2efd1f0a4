"""Sign-in, sessions, headers and what never appears in a log; knows no app of the product."""
