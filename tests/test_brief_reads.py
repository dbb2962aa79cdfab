"""What a district's brief notes of the published tables: all that it uses, and not much more."""

from __future__ import annotations

import ast
import csv
import io
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from helpers.brief.reader import Brief
from helpers.reads import Read, digests, forget, noted

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "briefs" / "district-brief.ipynb"

OWN, OTHER = "Kỳ Sơn", "Quỳ Châu"

PLACES: Mapping[str, str] = {
    "balances": "unit_code",
    "capital_by_district": "district_code",
    "coefficients": "unit_code",
    "commune_lines": "district_code",
    "commune_rates": "district_code",
    "comparison_last_year": "unit_code",
    "counterpart_by_district": "district_code",
    "deprivations": "area_code",
    "district_lines": "district_code",
    "flows": "area_code",
    "forecast": "area_code",
    "poor_profile": "area_code",
    "poverty_rates": "area_code",
    "rate_moves": "district_code",
    "rounding": "unit_code",
    "targets": "area_code",
}
"""Tables with rows for each district, and the column that says whose they are."""

SHARED: Mapping[str, set[str]] = {
    "capital_by_district": {"district_code"},
    "deprivations": {"kind", "year"},
    "forecast": {"level"},
    "poor_profile": {"topic", "year"},
    "rate_moves": {"district_code", "year"},
    "targets": {"area", "area_code", "as_of", "current_rate", "group"},
}
"""What a district's brief says of the others: how many they are, the latest year-end of a review,
how sure the forecasts are, and each one's poverty rate."""


@dataclass(frozen=True)
class Run:
    """What a brief showed, cell by cell, and what it noted of its tables, by name."""

    shown: Sequence[Mapping[str, Any]]
    reads: Mapping[str, tuple[Read, ...]]


def _run(output: Path, district: str) -> Run:
    """Execute the brief's cells as a kernel would, with the tables of a folder."""
    shown = []
    known: dict[str, Any] = {}
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_OUTPUT", str(output))
        for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            *lines, last = ast.parse("".join(cell["source"])).body
            if not isinstance(last, ast.Expr):
                lines.append(last)
            exec(compile(ast.Module(lines, []), "cell", "exec"), known)
            if "parameters" in cell["metadata"].get("tags", ()):
                known["district"] = district
            elif isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), known)
                shown.append(value._repr_mimebundle_())
    by_table: dict[str, list[Read]] = defaultdict(list)
    for read in noted():
        assert Path(read.path).parent == output / "tables"
        by_table[Path(read.path).name].append(read)
    forget()
    return Run(shown, {name: tuple(reads) for name, reads in by_table.items()})


@pytest.fixture(scope="module")
def run(shipped_brief: Brief) -> Run:
    """Return the run of one district's brief with the shipped tables."""
    assert shipped_brief.output
    return _run(shipped_brief.output, OWN)


@pytest.fixture(autouse=True)
def _no_notes() -> Iterator[None]:
    yield
    forget()


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    names, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    return names, rows


def _bytes(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    return out.getvalue().encode("utf-8-sig")


def _concerned(path: Path, place: str, code: str, reads: Sequence[Read]) -> set[str]:
    """Return the columns of a district's first and last row whose change changes a part of reads.

    The last row is the newest, or the sum.
    """
    names, rows = _table(path)
    numbers = [number for number, row in enumerate(rows) if row[names.index(place)] == code]
    before = digests(_bytes(names, rows), reads)
    found = set()
    for number in {numbers[0], numbers[-1]}:
        for at, name in enumerate(names):
            row = list(rows[number])
            row[at] += "9"
            after = digests(_bytes(names, [*rows[:number], row, *rows[number + 1 :]]), reads)
            found |= {name} if before != after else set()
    return found


@pytest.mark.parametrize("name", PLACES)
def test_another_districts_values_do_not_concern_a_brief(
    shipped_brief: Brief, run: Run, name: str
) -> None:
    """Of another district's rows only what the brief says of all districts changes its parts."""
    assert shipped_brief.output
    path = shipped_brief.output / "tables" / f"{name}.csv"
    code = shipped_brief.district_code(OTHER)
    found = _concerned(path, PLACES[name], code, run.reads[path.name])
    assert found == SHARED.get(name, set())


@pytest.mark.parametrize("name", PLACES)
def test_each_of_its_own_values_concerns_a_brief(shipped_brief: Brief, run: Run, name: str) -> None:
    """Every column of a district's own rows changes the parts that its brief noted."""
    assert shipped_brief.output
    path = shipped_brief.output / "tables" / f"{name}.csv"
    code = shipped_brief.district_code(OWN)
    found = _concerned(path, PLACES[name], code, run.reads[path.name])
    assert found == set(_table(path)[0])


def test_a_brief_does_not_look_at_tables_of_others(run: Run) -> None:
    """What only other documents are about is not read at all; nor is any table as a whole."""
    tables = {name.removesuffix(".csv") for name in run.reads if name.endswith(".csv")}
    assert tables >= set(PLACES)
    assert not tables & {"allocation", "agency_lines", "comparison_rules", "risks"}
    for name in tables:
        assert all(read.columns or read.where for read in run.reads[f"{name}.csv"]), name
        assert run.reads[f"{name}.meta.yml"][0].columns == ()


def _scrambled(path: Path, reads: Sequence[Read]) -> tuple[bytes, float]:
    """Return the table with all that no read covers altered or gone, and how much of it that is.

    Of the rows without any covered cell every second one is left out.
    """
    names, rows = _table(path)
    places = {name: place for place, name in enumerate(names)}
    numbers = count(1)
    kept = []
    altered = 0
    for row in rows:
        covered: set[str] = set()
        for read in reads:
            if all(row[places[column]] == value for column, value in read.where):
                covered |= {*(read.columns or names), *(column for column, _ in read.where)}
        altered += len(names) - len(covered)
        if covered or next(numbers) % 2:
            kept.append(
                [
                    cell if name in covered else f"bịa {next(numbers)}"
                    for name, cell in zip(names, row, strict=True)
                ]
            )
    return _bytes(names, kept), altered / max(1, len(rows) * len(names))


@pytest.mark.parametrize("district", ["Con Cuông", "Vinh"])
def test_what_was_not_noted_decides_nothing(
    shipped_brief: Brief, tmp_path: Path, district: str
) -> None:
    """With all else scrambled or gone a brief shows the very same, cell by cell."""
    assert shipped_brief.output
    true = shipped_brief.output / "tables"
    before = _run(shipped_brief.output, district)
    output = tmp_path / "scrambled"
    (output / "tables").mkdir(parents=True)
    parts: dict[str, float] = {}
    for name, reads in before.reads.items():
        if name.endswith(".yml"):
            shutil.copy(true / name, output / "tables")
            continue
        content, parts[name] = _scrambled(true / name, reads)
        (output / "tables" / name).write_bytes(content)
        assert digests(content, reads) == digests((true / name).read_bytes(), reads)
    after = _run(output, district)
    assert after.shown == before.shown
    assert {
        name: tuple(replace(read, path=str(true / name)) for read in reads)
        for name, reads in after.reads.items()
    } == before.reads
    for name in PLACES:
        assert parts[f"{name}.csv"] > 0.5, name
