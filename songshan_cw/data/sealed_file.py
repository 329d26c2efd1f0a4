"""Encrypt a file piece by piece, with AES-256-GCM under a key from a passphrase (scrypt).

The nonce is the number of the piece and the last piece is empty, so that a changed, swapped, missing or cut-off part
is noticed (the STREAM construction, Hoang, Reyhanitabar, Rogaway and Vizár 2015).
"""

import os
from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from songshan_cw.data.refusal import Refused

FAMILY, MAGIC = b"SCWBACKUP", b"SCWBACKUP2\n"
SALT_BYTES, LENGTH_BYTES, TAG_BYTES = 16, 4, 16
LARGEST_PIECE = 64 * 1024 * 1024
PASSPHRASE_LEAST = 16
BROKEN = "备份文件打不开：口令不对，或文件不完整、被改动过。"


def encrypted(pieces: Iterable[bytes], passphrase: str) -> Iterator[bytes]:
    """What to write for these pieces; without its end the file does not open again."""
    salt = os.urandom(SALT_BYTES)
    cipher = _cipher(passphrase, salt)
    yield MAGIC + salt
    for number, piece in enumerate(chain(filter(None, pieces), [b""])):
        length = (len(piece) + TAG_BYTES).to_bytes(LENGTH_BYTES, "big")
        yield length + cipher.encrypt(_nonce(number), piece, length)


def decrypted(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The pieces again. Raises Refused where anything is not as it was written."""
    head = file.read(len(MAGIC) + SALT_BYTES)
    if not head.startswith(FAMILY):
        raise Refused("这不是本系统的备份文件。")
    if not head.startswith(MAGIC):
        raise Refused("备份的格式与本版本不符，请用备份时的程序版本恢复。")
    cipher = _cipher(passphrase, head[len(MAGIC) :])
    for number in count():
        length = file.read(LENGTH_BYTES)
        data = file.read(min(int.from_bytes(length, "big"), LARGEST_PIECE))
        try:
            piece = cipher.decrypt(_nonce(number), data, length)
        except InvalidTag as fault:
            raise Refused(BROKEN) from fault
        if not piece:
            break
        yield piece
    if file.read(1):
        raise Refused(BROKEN)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    if len(passphrase) < PASSPHRASE_LEAST:
        raise Refused(f"备份口令至少{PASSPHRASE_LEAST}个字符。")
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int) -> bytes:
    """A counter is enough, since every file has a key of its own."""
    return number.to_bytes(12, "big")
