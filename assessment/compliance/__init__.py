"""Every limit of the policy in force against the facts of a day: pure checks, one clause each (rules 8, 9)."""
