"""Mutation testing: small faults put into the rules on purpose; a fault that no test notices shows a missing test."""
