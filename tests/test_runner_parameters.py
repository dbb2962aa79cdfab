"""Parameters are checked against their notebooks before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from runner_toys import PARAMETERS, job, run_quietly, toy, write_notebook

from helpers.errors import InputRefused
from helpers.runner import parameters


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """Return a notebook that declares four parameters."""
    return write_notebook(tmp_path, "so")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"district": "Kỳ Sơn", "year": 2025, "rate": 2},
        {"rate": 0.5, "note": None},
        {"note": "ghi chú"},
    ],
)
def test_fitting_parameters_pass(notebook: Path, given: dict[str, object]) -> None:
    """Values of the declared types pass, an int where a float is declared included."""
    assert parameters.check([job(notebook, parameters=given)]) == ()


@pytest.mark.parametrize(
    ("given", "what", "todo"),
    [
        ({"distrct": "Vinh"}, "distrct", "district"),
        ({"year": "2024"}, "year", "số nguyên"),
        ({"year": True}, "year", "số nguyên"),
        ({"year": 2024.5}, "year", "số nguyên"),
        ({"district": 5}, "district", "chữ"),
        ({"rate": "cao"}, "rate", "số"),
        ({"district": ("a",)}, "tuple", "chữ"),
    ],
)
def test_unfit_parameters_are_named(
    notebook: Path, given: dict[str, object], what: str, todo: str
) -> None:
    """An unknown name brings the nearest one, a wrong type what it should be."""
    (problem,) = parameters.check([job(notebook, parameters=given)])
    assert what in problem.what
    assert todo in problem.todo


def test_a_notebook_without_parameters_cell_takes_none(tmp_path: Path) -> None:
    """Parameters for a notebook that has no cell for them are refused; none are needed."""
    bare = write_notebook(tmp_path, "tran", parameters=None)
    assert parameters.check([job(bare)]) == ()
    (problem,) = parameters.check([job(bare, parameters={"year": 2024})])
    assert "không có ô tham số" in problem.what


def test_comments_with_equal_signs_do_not_hide_a_parameter(tmp_path: Path) -> None:
    """A comment that holds "=" changes nothing, which papermill's own reading trips over."""
    path = write_notebook(tmp_path, "so", parameters="share = 0.5  # share = phần trăm / 100")
    assert parameters.check([job(path, parameters={"share": 0.25})]) == ()


@pytest.mark.parametrize("text", ["", "{", '{"cells": [{"metadata": {"tags": ["parameters"]}}]}'])
def test_a_damaged_notebook_is_a_problem_not_a_crash(tmp_path: Path, text: str) -> None:
    """A file that is no notebook is reported like any other mistake."""
    path = tmp_path / "hong.ipynb"
    path.write_text(text, encoding="utf-8")
    (problem,) = parameters.check([job(path)])
    assert "bị hỏng" in problem.what


def test_every_problem_is_told_at_once_and_nothing_runs(tmp_path: Path) -> None:
    """All jobs' problems come together, before any folder of reports is made."""
    first = write_notebook(tmp_path, "mot", "1 / 0")
    second = write_notebook(tmp_path, "hai")
    gone = tmp_path / "notebooks" / "ba.ipynb"
    jobs = (job(first, parameters={"yaer": 1}), job(second, parameters={"year": "x"}), job(gone))
    with pytest.raises(InputRefused) as refused:
        run_quietly(toy(tmp_path, *jobs))
    assert len(refused.value.problems) == 3
    assert not (tmp_path / "reports").exists()


def test_declared_types_come_from_annotation_or_default(notebook: Path) -> None:
    """An annotation decides the type; without one the default value does."""
    declared = parameters.declared(notebook)
    assert declared is not None
    assert set(declared) == {line.split(":")[0].split(" ")[0] for line in PARAMETERS.splitlines()}
    assert declared["note"].types == {"str", "None"}
    assert declared["district"].types == {"str"}
