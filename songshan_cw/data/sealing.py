"""Encryption at rest with AES-GCM and a key id, so that keys can rotate (NIST SP 800-38D).

A keyed digest (HMAC, RFC 2104) finds equal texts without decrypting any.
"""

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
KEY_NAME = re.compile(r"[A-Za-z0-9_-]{1,12}")  # the column of the second factor leaves no room for more
SECRET_LEAST = 16


class SealBroken(ValueError):
    """The encrypted text was altered, or its key is no longer configured."""


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    cipher: AESGCM
    digest_key: bytes


@cache
def _keys(material: str) -> dict[str, Key]:
    """Map key ids to keys; the first one encrypts. ``material``: ``id:secret,id:secret``."""
    pairs = [pair.split(":", 1) for pair in material.split(",")]
    return {name: _key(name, secret.encode()) for name, secret in pairs}


def _key(name: str, secret: bytes) -> Key:
    cipher = AESGCM(hashlib.sha256(secret).digest())
    return Key(name, cipher, hmac.digest(secret, b"songshan_cw.lookup", "sha256"))


def _configured() -> dict[str, Key]:
    """Return the keys of the current settings."""
    return _keys(settings.SEALING_KEYS or f"k0:{settings.SECRET_KEY.replace(',', '')}")


def faults_of_keys(material: str) -> list[str]:
    """Describe the faults of SEALING_KEYS without repeating a secret."""
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
    """Return the id of the key that encrypts."""
    return next(iter(_configured()))


def _newest() -> Key:
    return next(iter(_configured().values()))


def seal(text: str) -> str:
    return seal_bytes(text.encode())


def seal_bytes(secret: bytes) -> str:
    """Encrypt under the newest key as ``id.base64(nonce + ciphertext)``."""
    key = _newest()
    nonce = os.urandom(NONCE_BYTES)
    return f"{key.name}.{base64.b64encode(nonce + key.cipher.encrypt(nonce, secret, key.name.encode())).decode()}"


def open_sealed(sealed: str) -> str:
    """Decrypt a text. Raises SealBroken when it was altered or its key is missing."""
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
    """Return ``id.digest`` of a text under the newest key, or an empty text for an empty one."""
    return _lookup(text, _newest()) if text else ""


def lookups_of(text: str) -> list[str]:
    """Return the digests under every configured key, since older rows may still use older keys."""
    return [_lookup(text, key) for key in _configured().values()] if text else []


def _lookup(text: str, key: Key) -> str:
    digest = hmac.new(key.digest_key, text.encode(), hashlib.sha256).hexdigest()
    return f"{key.name}.{digest[:LOOKUP_CHARACTERS]}"
