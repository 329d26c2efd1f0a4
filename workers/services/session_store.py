"""Sessions in the database under the hash of their key (setting ``SESSION_ENGINE``).

Django's own store holds the key itself, so a reader of the table or of a backup could sign in with it.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from workers.models import UserSession


def hashed(session_key: str) -> str:
    """The 40 characters under which a session is stored."""
    return sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def _get_session_from_db(self) -> UserSession | None:
        key = self.session_key
        if key is None:
            return None
        self._session_key = hashed(key)
        found = super()._get_session_from_db()
        self._session_key = key if found else None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            UserSession.objects.filter(session_key=hashed(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        row = super().create_model_instance(data)
        row.session_key = hashed(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        row.address, row.device = data.get("address"), data.get("device", "")
        row.started_at, row.seen_at = _moment(data.get("since")), _moment(data.get("seen"))
        return row


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
