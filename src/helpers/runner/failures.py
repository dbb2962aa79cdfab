"""Turn a failed run into words for a planner, and keep what is needed to look into it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from helpers import errors
from helpers.errors import HOPELESS
from helpers.paths import relative
from helpers.runner.clean import INJECTED
from helpers.runner.model import Failure, Job, Limits

__all__ = ["HOPELESS", "RunFailed", "explain", "keep"]

OWN_ERRORS = frozenset(
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.HelpersError)
)
"""Names of the errors whose whole text is already written for a planner."""

NEARLY = 0.9
"""The part of its memory from which on a run that hangs counts as one without any left."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class RunFailed(Exception):
    """A notebook did not run to its end, or could not be rendered."""

    def __init__(
        self,
        kind: str,
        notebook: Any,
        index: int | None,
        name: str = "",
        value: str = "",
        details: str = "",
        memory: int = 0,
    ) -> None:
        """Keep the kind of failure, the notebook as far as it came, and the error's own words."""
        super().__init__(f"{kind}: {name}: {value}")
        self.kind = kind
        self.notebook = notebook
        self.index = index
        self.name = name
        self.value = value
        self.details = details
        self.memory = memory


def _heading(notebook: Any, index: int) -> str:
    """Return the nearest markdown heading above the cell, without its marks.

    Of a text and its translation, cells right below each other with unlike tags and headings of
    one level, the first has it.
    """
    cells = notebook.cells
    for at in range(index, -1, -1):
        level, heading = _last_heading(cells[at])
        if heading:
            above = cells[at - 1] if at else cells[at]
            other, first = _last_heading(above)
            tags, own = (cell.metadata.get("tags") for cell in (above, cells[at]))
            return first if other == level and tags and own and tags != own else heading
    return ""


def _last_heading(cell: Any) -> tuple[str, str]:
    """Return the level of a text's last heading, as its marks, and its words; blanks without."""
    if cell.cell_type != "markdown":
        return "", ""
    found = re.findall(r"^(#{1,6})\s+(.+?)\s*#*$", cell.source, re.MULTILINE)
    return found[-1] if found else ("", "")


def _cell_number(notebook: Any, index: int) -> int:
    """Return the cell's place in the planner's notebook, which lacks the injected cell."""
    before = notebook.cells[: index + 1]
    return len(before) - sum(INJECTED in cell.metadata.get("tags", []) for cell in before[:-1])


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB".replace(",", ".")


def _short_of_memory(failed: RunFailed, limits: Limits) -> bool:
    """Tell a run that had no memory left; full of small objects, Python can only hang."""
    full = bool(limits.memory) and failed.memory > limits.memory * NEARLY
    return failed.name == "MemoryError" or (failed.kind in ("timeout", "died") and full)


def _what(failed: RunFailed, limits: Limits) -> str:
    text = _COLOURS.sub("", failed.value).strip()
    last = text.splitlines()[-1].strip() if text else ""
    if failed.name in OWN_ERRORS:
        return text
    if _short_of_memory(failed, limits):
        allowed = f" (cho phép thêm {_mebibytes(limits.memory)})" if limits.memory else ""
        said = last if failed.name == "MemoryError" else ""
        return f"hết bộ nhớ cho một sổ tính{allowed}: {said}".rstrip(": ")
    match failed.kind:
        case "error":
            return f"lỗi {failed.name}: {last}".rstrip(": ")
        case "timeout":
            return f"ô chạy quá {limits.cell} giây, hoặc cả sổ quá {limits.notebook} giây"
        case "died":
            held = f" (đã dùng {_mebibytes(failed.memory)})" if failed.memory else ""
            return f"tiến trình tính (kernel) bị tắt đột ngột{held}, có thể do máy hết bộ nhớ"
        case "exit":
            return "ô gọi lệnh thoát (exit), các ô sau không được chạy"
        case "start":
            return f"không khởi động được tiến trình tính (kernel): {failed.name} {last}".rstrip()
        case "render":
            return f"không xuất được {text}"
        case "undeclared":
            return f"sổ tính đọc những gì nó không khai báo: {text}"
        case "unpublished":
            return f"sổ tính chạy xong mà không công bố: {text}"
        case _:
            return f"không chạy hết được: {failed.name}: {last}".rstrip(": ")


def _todo(failed: RunFailed, notebook: str, limits: Limits) -> str:
    match failed.kind:
        case "timeout":
            return "giảm khối lượng tính trong ô, hoặc tăng thời hạn: make ARGS='--timeout 1200'"
        case "died" | "start":
            return "đóng bớt chương trình rồi chạy lại make; nếu vẫn lỗi, báo người hỗ trợ"
        case "exit":
            return f"bỏ lệnh thoát trong {notebook} rồi chạy lại make"
        case "undeclared":
            return (
                "bảng: thêm tên vào danh sách reads của ô open_brief; "
                "tệp: ghi thẳng đường dẫn (một chuỗi chữ) trong ô đọc tệp"
            )
        case "unpublished":
            return f"xem các ô publish trong {notebook} có được chạy không"
    if failed.name in OWN_ERRORS:
        return "sửa theo lời báo trên rồi chạy lại make"
    if _short_of_memory(failed, limits):
        return "giảm khối lượng tính, hoặc cho thêm bộ nhớ: make ARGS='--memory 4000' (MB)"
    return f"mở {notebook} bằng make lab, sửa ô đó rồi chạy lại make"


def explain(job: Job, failed: RunFailed, *, limits: Limits) -> Failure:
    """Return the failure of a job in words for a planner."""
    notebook = relative(job.notebook)
    index = failed.index
    said = f"{failed.value}\n{failed.details}"
    hopeless = next((number for number in HOPELESS if f"[Errno {number}]" in said), None)
    what, todo = (
        HOPELESS[hopeless] if hopeless else (_what(failed, limits), _todo(failed, notebook, limits))
    )
    return Failure(
        label=job.label,
        notebook=notebook,
        what=what,
        todo=todo,
        heading="" if index is None else _heading(failed.notebook, index),
        cell=None if index is None else _cell_number(failed.notebook, index),
        details=_COLOURS.sub("", failed.details),
        hopeless=hopeless is not None,
    )


def keep(folder: Path, name: str, failure: Failure, notebook: Any) -> None:
    """Write the failed run into a folder: the notebook under a banner, and a log."""
    import nbformat

    log = folder / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{failure}\n\n{failure.details}\n", encoding="utf-8")
    if notebook is None:
        return
    what = failure.what.replace("\n", "  \n> ")
    banner = nbformat.v4.new_markdown_cell(
        f"> ## ⚠ SỔ TÍNH NÀY CHẠY HỎNG, KHÔNG DÙNG CÁC SỐ TRONG ĐÓ\n>\n> {what}\n>\n"
        f"> Ô thứ {failure.cell or '?'} của `{failure.notebook}`"
        f"{f', dưới mục “{failure.heading}”' if failure.heading else ''}. → {failure.todo}",
        id="failure-banner",
    )
    notebook.cells.insert(0, banner)
    nbformat.write(notebook, folder / f"{name}.ipynb")
