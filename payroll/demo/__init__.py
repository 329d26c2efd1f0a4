"""A district to try the product on: invented people, accounts and a sample table. Nobody in it exists."""
