"""Reads about limits and terms: who is due, who is away, what a community has (rules 9)."""
