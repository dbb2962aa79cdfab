"""Where returned forms are laid down, beside a province's tables."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["CORRECTIONS", "SIDECAR", "files_in", "review_folder", "tidy_number"]

SIDECAR = "review.meta.yml"
CORRECTIONS = "corrections.yml"

_WORKBOOKS = (".xlsx", ".xlsm")
_TIDY = re.compile(r"bieu-(\d{2})\.csv", re.IGNORECASE)


def review_folder(source: Path) -> Path:
    """Return the folder of the review forms: within a folder of tables, beside a workbook."""
    beside = source.suffix.lower() in _WORKBOOKS and not source.is_dir()
    return source.with_name(f"{source.stem}-review") if beside else source / "review"


def files_in(folder: Path) -> tuple[Path, ...]:
    """Return every file in the folder and below, sorted; none where there is no such folder.

    What Excel keeps while a workbook is open ("~$…") and hidden files and folders are left out.
    """
    return tuple(
        sorted(
            path
            for path in folder.rglob("*")
            if path.is_file()
            and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        )
    )


def tidy_number(path: Path) -> int | None:
    """Return the number of the form that a file's name says it is a tidy table of, or None."""
    found = _TIDY.fullmatch(path.name)
    return int(found[1]) if found else None
