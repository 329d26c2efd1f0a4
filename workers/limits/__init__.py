"""The limits of the policy documents as pure functions, one clause each: frozen facts in, findings out (rules 9)."""
