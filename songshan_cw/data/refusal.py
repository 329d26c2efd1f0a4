"""Refusals: what cannot be done, why, and what to do, in the user's words."""


class Refused(Exception):
    """Nothing was written. The message is shown to the user unchanged."""


class NotAllowed(Refused):
    """The user's role or region does not permit it. The message says who may."""


class Overtaken(Refused):
    """Another user was faster, and the object is no longer in the state this user saw."""
