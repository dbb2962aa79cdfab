"""Changes of one cell of a plan's data, such as a report makes them, and one of a brief's look."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.data.vocabulary import MOVEMENT_KINDS
from helpers.paths import relative
from helpers.runner.bench import Edit

__all__ = ["data_edits", "look"]

STYLE = "src/helpers/brief/templates/brief.css"

_LAST = re.compile(r"(?:[2-9]|(?<=[\d.])1)(?=[0.]*\D*$)")

Rows = list[dict[str, str]]


def _rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _written(rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _in_rows(change: Callable[[Rows], None]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        rows = _rows(content)
        change(rows)
        return _written(rows)

    return changed


def _moved(row: dict[str, str]) -> bool:
    """Tell whether a row moves capital from one unit to another, and could move less."""
    between = row["unit"] and row["to_unit"] not in ("", row["unit"])
    return (
        row["kind"] == MOVEMENT_KINDS["transfer"]
        and bool(between)
        and _less(row["amount"]) != row["amount"]
    )


def _less(text: str) -> str:
    """Return an amount with the last digit before its zeros made one less: 1.320 → 1.310.

    What would come to nothing, such as 100, stays.
    """
    return _LAST.sub(lambda digit: str(int(digit[0]) - 1), text, count=1)


def _move_less(rows: Rows) -> None:
    row = next(row for row in rows if _moved(row))
    row["amount"] = _less(row["amount"])


def _count_one_more(rows: Rows) -> None:
    """Count one more poor household in the district that has most of them at the latest year."""
    latest = max(int(row["year"]) for row in rows)
    chosen = [row for row in rows if int(row["year"]) == latest]
    row = max(chosen, key=lambda one: int(one["poor_households"]))
    row["poor_households"] = str(int(row["poor_households"]) + 1)


def data_edits(folder: Path) -> Iterator[Edit]:
    """Yield the changes that a plan's data have room for; none where they are no CSV tables."""
    movements, poverty = folder / "movements.csv", folder / "poverty.csv"
    if movements.is_file() and any(map(_moved, _rows(movements.read_bytes()))):
        label = "số tiền một lần điều chuyển giữa hai huyện"
        yield Edit(label, relative(movements), _in_rows(_move_less))
    if poverty.is_file():
        label = "số hộ nghèo cuối năm của một huyện (đổi thứ hạng chung nên mọi bản in lại)"
        yield Edit(label, relative(poverty), _in_rows(_count_one_more))


def look() -> Edit:
    """Return a change of the pages' style that shows nothing else."""
    return Edit("đổi kiểu trình bày trang", STYLE, lambda content: content + b"\n/* */\n")
