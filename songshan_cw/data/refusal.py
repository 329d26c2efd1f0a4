"""A refusal is a value of the domain: what cannot be done, why, and what to do, in words for the person who asked."""


class Refused(Exception):
    """Nothing was written. The message is shown to the user as it is."""


class NotAllowed(Refused):
    """The user's role or region does not permit it; the message says who may."""


class Overtaken(Refused):
    """Somebody else was faster: the thing is no longer in the state the user saw."""
