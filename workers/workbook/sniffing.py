"""Identify a file by its bytes before anything parses it."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from workers.workbook.faults import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORD = "WordDocument".encode("utf-16-le")
BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
BOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
MEMBERS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".txt", ".html", ".htm", ".xml")
NO_TABLES = (
    (b"%PDF", "PDF文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"{\\rtf", "Word文档"),
    (b"Rar!", "RAR压缩包（请改用.zip）"),
    (b"7z\xbc\xaf", "7z压缩包（请改用.zip）"),
)
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
    """Raise Unreadable for what is no table, is encrypted, or exceeds the limits. The bytes count, not the name."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("empty_file", "文件是空的（0字节）。请重新选择工作簿。")
    if size > limits.file_bytes:
        most = limits.file_bytes // MEBIBYTE
        raise Unreadable("file_too_big", f"文件有{size / MEBIBYTE:.1f}MB，超过{most}MB。请按街道分成几个工作簿。")
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(OLE):
            _check_ole(head + file.read(limits.file_bytes))
    if head.startswith(b"PK"):
        _check_zip(path, limits)
    elif not head.startswith(OLE):
        _check_text(head)


def _check_ole(data: bytes) -> None:
    """Refuse what shares the container of old workbooks: encrypted ones and Word documents."""
    if ENCRYPTED in data:
        raise Unreadable("encrypted", "工作簿设了打开密码，无法读取。请在Excel或WPS中取消密码，另存后再导入。")
    if WORD in data and not any(book in data for book in BOOKS):
        raise Unreadable("not_a_table", "这是Word文档，不是表格。请把其中的表格复制到Excel或WPS表格中，保存后再导入。")


def _check_text(head: bytes) -> None:
    for start, what in NO_TABLES:
        if head.startswith(start):
            raise Unreadable("not_a_table", f"这是{what}，不是表格，读不出人员。请改用Excel或WPS表格的文件导入。")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _like_utf16(head):
        raise Unreadable("not_a_table", "认不出这个文件是什么格式。请在Excel或WPS中打开，另存为.xlsx后再导入。")


def _like_utf16(head: bytes) -> bool:
    """Whether every other byte of the start is nought, as ASCII characters of UTF-16 are."""
    start = head[:400]
    return len(start) // 4 < start.count(0) <= len(start) // 2 + 1 and b"\0\0" not in start


def _check_zip(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Unreadable("damaged", "工作簿已损坏或没有传完整。请重新保存后再导入。") from fault
    _check_size(entries, limits)
    _check_kind({entry.filename for entry in entries})


def _check_kind(names: set[str]) -> None:
    if "word/document.xml" in names:
        raise Unreadable("not_a_table", "这是Word文档，不是表格。请把其中的表格复制到Excel或WPS表格中，保存后再导入。")
    if not names & BOOK_PARTS and not any(name.lower().endswith(MEMBERS) for name in names):
        raise Unreadable(
            "not_a_table", "这个文件或压缩包里没有表格。请选择Excel或WPS表格的文件，或装有这些文件的.zip。"
        )


def _check_size(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.parts or len({entry.filename for entry in entries}) != len(entries):
        raise Unreadable("bomb", "工作簿内部结构异常，为安全起见不予读取。请新建工作簿，只粘贴数据后再导入。")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("encrypted", "文件设了压缩密码，无法读取。请取消密码后再导入。")
    unpacked = sum(entry.file_size for entry in entries)
    dense = any(e.file_size > 8 * MEBIBYTE and e.file_size > limits.ratio * max(e.compress_size, 1) for e in entries)
    if dense or unpacked > limits.unpacked_bytes or any(e.file_size > limits.part_bytes for e in entries):
        raise Unreadable("bomb", "工作簿解压后异常大，为安全起见不予读取。请新建工作簿，只粘贴有数据的区域后再导入。")
