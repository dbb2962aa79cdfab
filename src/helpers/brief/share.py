"""The copy of a plan's reports that may leave the house: what goes along, what stays and why."""

from __future__ import annotations

import getpass
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.brief.index import Made, index_page
from helpers.data.catalogue import CATALOGUE
from helpers.errors import HelpersError
from helpers.paths import project_root

__all__ = ["INDEX", "ShareRefused", "Shared", "chosen", "pack", "traces"]

INDEX = "index.html"

STAYS: Mapping[str, str] = {
    "notebooks": "sổ tính đã chạy",
    "failed": "kết quả của lần dựng hỏng",
    "edited": "văn bản đã sửa tay",
    "manifest.json": "nhật ký của lần dựng",
    "changes.csv": "sổ thay đổi giữa hai lần dựng",
}
"""What never goes along, by the first part of its place, in the words of the terminal."""

INTERNAL = "bảng làm việc nội bộ"
UNKNOWN = "bảng không có trong danh mục"
SIDECAR = "tệp mô tả bảng, có đường dẫn số liệu"
FOREIGN = "tệp không do hệ thống tạo ra"

OLDEST = (1980, 1, 1, 0, 0, 0)
"""The one time of every file in the archive: the same reports give the same bytes."""

COMMON = frozenset({"root", "user", "admin", "runner", "ubuntu", "home"})
"""Names of users that are ordinary words too: they tell nothing of anybody."""

_HOMES = re.compile(r"(?:/home/|/Users/|/root/|\b[A-Za-z]:\\+Users\\+)[^\s\"'<>&]*")
_CARRIED = re.compile(r"data:[\w/+.;=-]+;base64,[\w+/=]+")
_PACKED = (".docx", ".xlsx")


class ShareRefused(HelpersError):
    """The reports cannot be shared as they are."""


@dataclass(frozen=True)
class Shared:
    """What goes along and what stays, each file by its place in the reports."""

    goes: tuple[str, ...]
    stays: Mapping[str, str]
    """The place of a file → why it stays."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables that go along."""
        places = map(PurePosixPath, self.goes)
        return tuple(place.stem for place in places if place.parts[0] == "tables")


def chosen(target: Path, manifest: Mapping[str, Any]) -> Shared:
    """Return which files of the reports go along; one that nothing speaks for stays."""
    rendered = {place for job in manifest["jobs"] for place in job["renders"]}
    goes: list[str] = []
    stays: dict[str, str] = {}
    for path in sorted(target.rglob("*")):
        place = path.relative_to(target).as_posix()
        if not path.is_file() or place == INDEX:
            continue
        why = _why_not(place, rendered)
        if why:
            stays[place] = why
        else:
            goes.append(place)
    return Shared(tuple(goes), stays)


def _why_not(place: str, rendered: set[str]) -> str:
    """Return why a file stays; nothing where it goes along."""
    first, *rest = PurePosixPath(place).parts
    if first in STAYS:
        return STAYS[first]
    if first == "tables" and len(rest) == 1:
        name, _, ending = rest[0].partition(".")
        if ending != "csv":
            return SIDECAR
        if name not in CATALOGUE:
            return UNKNOWN
        return INTERNAL if CATALOGUE[name].internal else ""
    return "" if place in rendered else FOREIGN


def pack(target: Path, manifest: Mapping[str, Any], shared: Shared) -> bytes:
    """Return the archive: all in one folder named by the plan, the same bytes for the same reports.

    Raises:
        ShareRefused: a file would tell of this machine or of who uses it.
    """
    made = [
        Made(job["label"], "", tuple(place for place in job["renders"] if place in shared.goes))
        for job in manifest["jobs"]
    ]
    page = index_page(target, made=made, plan_id=target.name, shared=shared.tables)
    contents = {place: (target / place).read_bytes() for place in shared.goes}
    contents[INDEX] = page.encode()
    found = [
        f"{place}: “{trace}”" for place in contents for trace in traces(place, contents[place])
    ]
    if found:
        raise ShareRefused(
            "chưa đóng gói vì có tệp lộ đường dẫn hoặc tên người dùng của máy này:\n"
            + "\n".join(f"  {line}" for line in found)
            + "\n→ tìm chỗ đã viết vào (tham số, số liệu, lời trong sổ tính), sửa, chạy make rồi "
            "chạy lại make share"
        )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as written:
        for place in sorted(contents):
            entry = zipfile.ZipInfo(f"{target.name}/{place}", OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever this machine is
            entry.external_attr = 0o644 << 16
            written.writestr(entry, contents[place])
    return archive.getvalue()


def traces(place: str, content: bytes) -> list[str]:
    """Return what in a file tells of this machine: its paths, the name of its user.

    Within a PDF only what is not compressed can be read; its words are those of the same document
    as HTML, which is looked through beside it.
    """
    found: dict[str, None] = {}
    for text in _texts(place, content):
        for word in _here():
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                found[word] = None
        found.update(dict.fromkeys(match.group() for match in _HOMES.finditer(text)))
    return list(found)


def _texts(place: str, content: bytes) -> Iterator[str]:
    """Yield the texts in a file; those of packed documents part by part."""
    if place.endswith(_PACKED):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode("utf-8", "replace")
    else:
        # What a page carries in code is its fonts, and tables whose words it shows as well.
        yield _CARRIED.sub("", content.decode("utf-8", "replace"))


def _here() -> Sequence[str]:
    """Return the words that tell of this machine."""
    words = [str(project_root())]
    home = str(Path.home())
    words += [home] if len(home) > len("/root") else []
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = ""
    return [*words, user] if len(user) > 2 and user.lower() not in COMMON else words
