"""How users sign in."""

from django.contrib.auth.backends import ModelBackend


class RoleBackend(ModelBackend):
    """Signs in by password; rights come from the role alone (``User.has_perm``), not from groups."""
