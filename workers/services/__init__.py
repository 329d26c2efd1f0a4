"""Services that write people, accounts and regions. Each checks, changes and records in one transaction."""

from workers.services.accounts import confirm_user, create_administrator, remove_user, save_user
from workers.services.amendment import Entry, amend_person
from workers.services.credentials import (
    bind_device,
    change_own_password,
    confirm_code,
    device_of,
    end_session,
    end_sessions,
    offer_device,
    reset_device,
)
from workers.services.people import record_fact, register_worker, remove_fact, remove_worker
from workers.services.places import remove_region, save_region
from workers.services.privacy import record_attachment_opened, record_private_access
from workers.services.versions import require_unchanged, version_of

__all__ = [
    "Entry",
    "amend_person",
    "bind_device",
    "change_own_password",
    "confirm_code",
    "confirm_user",
    "create_administrator",
    "device_of",
    "end_session",
    "end_sessions",
    "offer_device",
    "record_attachment_opened",
    "record_fact",
    "record_private_access",
    "register_worker",
    "remove_fact",
    "remove_region",
    "remove_user",
    "remove_worker",
    "require_unchanged",
    "reset_device",
    "save_region",
    "save_user",
    "version_of",
]
