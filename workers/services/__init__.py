"""Every write about people, accounts and regions: check, change, record; one transaction."""

from workers.services.accounts import remove_user, save_user
from workers.services.amendment import Entry, amend_person
from workers.services.people import record_fact, register_worker, remove_fact, remove_worker, save_worker
from workers.services.places import remove_region, save_region
from workers.services.privacy import record_private_access
from workers.services.versions import require_unchanged, version_of

__all__ = [
    "Entry",
    "amend_person",
    "record_fact",
    "record_private_access",
    "register_worker",
    "remove_fact",
    "remove_region",
    "remove_user",
    "remove_worker",
    "require_unchanged",
    "save_region",
    "save_user",
    "save_worker",
    "version_of",
]
