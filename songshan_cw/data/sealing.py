"""Sealing at rest: AES-GCM with a key id, so keys can rotate (NIST SP 800-38D), and a keyed digest (HMAC, RFC 2104) by
which equal texts are found without opening any."""

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
LOOKUP_CHARACTERS = 32
KEY_NAME = re.compile(r"[A-Za-z0-9_-]{1,12}")  # the sealed secret of a second factor has room for no longer one
SECRET_LEAST = 16


class SealBroken(ValueError):
    """The sealed text was altered, or its key is no longer configured."""


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    cipher: AESGCM
    digest_key: bytes


@cache
def _keys(material: str) -> dict[str, Key]:
    """Key id → key; the first one seals. ``material``: ``id:secret,id:secret``."""
    pairs = [pair.split(":", 1) for pair in material.split(",")]
    return {name: _key(name, secret.encode()) for name, secret in pairs}


def _key(name: str, secret: bytes) -> Key:
    cipher = AESGCM(hashlib.sha256(secret).digest())
    return Key(name, cipher, hmac.digest(secret, b"songshan_cw.lookup", "sha256"))


def _configured() -> dict[str, Key]:
    """The keys of the settings; changed settings are other keys at once."""
    return _keys(settings.SEALING_KEYS or f"k0:{settings.SECRET_KEY.replace(',', '')}")


def faults_of_keys(material: str) -> list[str]:
    """What is wrong with SEALING_KEYS, in words that repeat no secret."""
    pairs = [pair.partition(":") for pair in material.split(",")]
    faults = [
        f"第{number}个密钥的名称应为1至12个字母、数字、横线或下划线，后接冒号。"
        for number, (name, colon, _) in enumerate(pairs, 1)
        if not colon or not KEY_NAME.fullmatch(name)
    ]
    faults += [
        f"第{number}个密钥不足{SECRET_LEAST}个字符。"
        for number, (_, _, secret) in enumerate(pairs, 1)
        if len(secret) < SECRET_LEAST
    ]
    if len({name for name, _, _ in pairs}) < len(pairs):
        faults.append("有两个密钥同名。")
    return faults


def newest_key() -> str:
    """The id of the key that seals."""
    return next(iter(_configured()))


def _newest() -> Key:
    return next(iter(_configured().values()))


def seal(text: str) -> str:
    return seal_bytes(text.encode())


def seal_bytes(secret: bytes) -> str:
    """``id.base64(nonce + ciphertext)`` under the newest key."""
    key = _newest()
    nonce = os.urandom(NONCE_BYTES)
    return f"{key.name}.{base64.b64encode(nonce + key.cipher.encrypt(nonce, secret, key.name.encode())).decode()}"


def open_sealed(sealed: str) -> str:
    """The text again. Raises SealBroken when it was altered or its key is missing."""
    return open_bytes(sealed).decode()


def open_bytes(sealed: str) -> bytes:
    name, _, body = sealed.partition(".")
    key = _configured().get(name)
    if key is None:
        raise SealBroken(f"加密密钥“{name[:12]}”未配置，请检查 SEALING_KEYS。")
    raw = base64.b64decode(body)
    try:
        return key.cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode())
    except InvalidTag as fault:
        raise SealBroken("密文校验失败：数据可能被改动过。") from fault


def lookup_of(text: str) -> str:
    """``id.digest`` of a text under the newest key; empty for an empty text."""
    return _lookup(text, _newest()) if text else ""


def lookups_of(text: str) -> list[str]:
    """The digests under every configured key: what an equal text may stand as before all are under the newest."""
    return [_lookup(text, key) for key in _configured().values()] if text else []


def _lookup(text: str, key: Key) -> str:
    digest = hmac.new(key.digest_key, text.encode(), hashlib.sha256).hexdigest()
    return f"{key.name}.{digest[:LOOKUP_CHARACTERS]}"
