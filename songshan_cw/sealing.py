"""Sealing of bank accounts: AES-GCM with a key id, so keys can rotate. Source: NIST SP 800-38D."""

import base64
import hashlib
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(ValueError):
    """The sealed text was altered, or its key is no longer configured."""


@cache
def _keys(material: str) -> dict[str, AESGCM]:
    """Key id → cipher; the first one seals. ``material``: ``id:secret,id:secret``."""
    pairs = [pair.split(":", 1) for pair in material.split(",")]
    return {name: AESGCM(hashlib.sha256(secret.encode()).digest()) for name, secret in pairs}


def _configured() -> dict[str, AESGCM]:
    """The keys of the settings; changed settings are other keys at once."""
    return _keys(settings.SEALING_KEYS or f"k0:{settings.SECRET_KEY.replace(',', '')}")


def seal(text: str) -> str:
    """``id.base64(nonce + ciphertext)`` under the newest key."""
    keys = _configured()
    key_id = next(iter(keys))
    nonce = os.urandom(NONCE_BYTES)
    sealed = keys[key_id].encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def open_sealed(sealed: str) -> str:
    """The text again. Raises SealBroken when it was altered or its key is missing."""
    key_id, _, body = sealed.partition(".")
    cipher = _configured().get(key_id)
    if cipher is None:
        raise SealBroken(f"银行账号的加密密钥“{key_id}”未配置，请检查 SEALING_KEYS。")
    raw = base64.b64decode(body)
    try:
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()
    except InvalidTag as fault:
        raise SealBroken("银行账号密文校验失败：数据可能被改动过。") from fault
