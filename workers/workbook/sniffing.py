"""Identify a file by its bytes before anything parses it."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from workers.workbook.faults import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a workbook's size and of the cost of reading it."""

    file_bytes: int = 40 * MEBIBYTE
    unpacked_bytes: int = 800 * MEBIBYTE
    part_bytes: int = 400 * MEBIBYTE
    ratio: int = 250
    parts: int = 2_000
    cells: int = 12_000_000
    memory: int = 3072 * MEBIBYTE
    seconds: int = 120


UPLOAD = Limits(
    file_bytes=settings.UPLOAD_BYTES, unpacked_bytes=400 * MEBIBYTE, cells=6_000_000, memory=1536 * MEBIBYTE, seconds=60
)


def check_file(path: Path, limits: Limits) -> None:
    """Raise Unreadable for everything except a plain .xlsx within the limits."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty_file", "文件是空的（0字节）。请重新选择工作簿。")
    if size > limits.file_bytes:
        most = limits.file_bytes // MEBIBYTE
        raise Unreadable("file_too_big", f"文件有{size / MEBIBYTE:.1f}MB，超过{most}MB。请按街道分成几个工作簿。")
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(OLE):
            raise _ole(head + file.read(limits.file_bytes))
    if not head.startswith(b"PK\x03\x04"):
        raise _not_a_zip(head)
    _check_zip(path, limits)


def _ole(data: bytes) -> Unreadable:
    if ENCRYPTED in data:
        return Unreadable("encrypted", "工作簿设了打开密码，无法读取。请在Excel或WPS中取消密码，另存后再导入。")
    return Unreadable("old_format", "这是旧格式的.xls文件。请在Excel或WPS中打开，另存为.xlsx再导入。")


def _not_a_zip(head: bytes) -> Unreadable:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        return Unreadable("not_xlsx", "这是网页或XML文件，只是改了扩展名。请在Excel或WPS中打开，另存为.xlsx再导入。")
    if b"\x00" not in head:
        return Unreadable("not_xlsx", "这是文本（如csv）文件，不是工作簿。请在Excel或WPS中打开，另存为.xlsx再导入。")
    return Unreadable("not_xlsx", "这不是Excel工作簿。请选择扩展名为.xlsx的人事工作簿。")


def _check_zip(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Unreadable("damaged", "工作簿已损坏或没有传完整。请重新保存后再导入。") from fault
    _check_kind({entry.filename for entry in entries})
    _check_size(entries, limits)


def _check_kind(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros", "工作簿带有宏（.xlsm），不能导入。请另存为不带宏的.xlsx再导入。")
    if "xl/workbook.bin" in names:
        raise Unreadable("not_xlsx", "这是.xlsb格式的工作簿。请另存为.xlsx再导入。")
    if "xl/workbook.xml" not in names:
        raise Unreadable("not_xlsx", "这个文件不是Excel工作簿（缺少工作簿内容）。请选择.xlsx文件。")


def _check_size(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.parts or len({entry.filename for entry in entries}) != len(entries):
        raise Unreadable("bomb", "工作簿内部结构异常，为安全起见不予读取。请新建工作簿，只粘贴数据后再导入。")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("encrypted", "文件设了压缩密码，无法读取。请取消密码后再导入。")
    unpacked = sum(entry.file_size for entry in entries)
    dense = any(e.file_size > 8 * MEBIBYTE and e.file_size > limits.ratio * max(e.compress_size, 1) for e in entries)
    if dense or unpacked > limits.unpacked_bytes or any(e.file_size > limits.part_bytes for e in entries):
        raise Unreadable("bomb", "工作簿解压后异常大，为安全起见不予读取。请新建工作簿，只粘贴有数据的区域后再导入。")
