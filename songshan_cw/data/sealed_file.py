"""A file encrypted as a stream: AES-256-GCM in numbered chunks, so that a changed, swapped, missing or cut-off part is
noticed (the STREAM construction, Hoang, Reyhanitabar, Rogaway and Vizár 2015). The key comes from a passphrase."""

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from songshan_cw.data.refusal import Refused

MAGIC = b"SCWBACKUP1\n"
SALT_BYTES, PREFIX_BYTES, TAG_BYTES = 16, 7, 16
CHUNK = 256 * 1024
PASSPHRASE_LEAST = 16
BROKEN = "备份文件打不开：口令不对，或文件不完整、被改动过。"


class SealedWriter(io.RawIOBase):
    """Bytes in, encrypted chunks out. ``close`` writes the last chunk; without it the file does not open again."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file, self._rest, self._number = file, bytearray(), 0
        salt, self._prefix = os.urandom(SALT_BYTES), os.urandom(PREFIX_BYTES)
        self._cipher, self._header = _cipher(passphrase, salt), MAGIC + salt + self._prefix
        file.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._rest += data
        while len(self._rest) > CHUNK:
            self._seal(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._rest), last=True)
        super().close()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), chunk, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The bytes again. Raises Refused where anything is not as it was written."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        header = file.read(len(MAGIC) + SALT_BYTES + PREFIX_BYTES)
        if len(header) < len(MAGIC) + SALT_BYTES + PREFIX_BYTES or not header.startswith(MAGIC):
            raise Refused("这不是本系统的备份文件。")
        self._file, self._header, self._number, self._rest = file, header, 0, b""
        self._prefix = header[-PREFIX_BYTES:]
        self._cipher = _cipher(passphrase, header[len(MAGIC) : -PREFIX_BYTES])
        self._ahead: bytes | None = file.read(CHUNK + TAG_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest and self._ahead is not None:
            self._rest = self._next_chunk(self._ahead)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    def _next_chunk(self, chunk: bytes) -> bytes:
        following = self._file.read(CHUNK + TAG_BYTES)
        nonce = _nonce(self._prefix, self._number, not following)
        self._ahead, self._number = following or None, self._number + 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._header)
        except InvalidTag as fault:
            raise Refused(BROKEN) from fault


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    if len(passphrase) < PASSPHRASE_LEAST:
        raise Refused(f"备份口令至少{PASSPHRASE_LEAST}个字符。")
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
