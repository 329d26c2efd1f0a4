"""A small file system of a test's own, which can be filled to the last byte and freed again."""

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PIECE = 64 * 1024


@dataclass(frozen=True)
class Disk:
    folder: Path

    @property
    def filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Until not one more byte goes in."""
        with self.filler.open("ab", buffering=0) as file:
            for size in (PIECE, 4096, 1):
                try:
                    while file.write(b"\0" * size) == size:
                        continue
                except OSError as fault:
                    if fault.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        self.filler.unlink(missing_ok=True)


def may_mount() -> bool:
    """Only root mounts, and not in every container."""
    if os.geteuid() != 0:
        return False
    with contextlib.suppress(OSError, subprocess.CalledProcessError), mounted(1):
        return True
    return False


@contextlib.contextmanager
def mounted(megabytes: int) -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="songshan-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "songshan-test", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
        try:
            yield Disk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
