"""What has to be run for a plan: which notebooks, with which parameters, in which order.

The composition root: it knows both the domain and the runner, and nothing imports it but the
command line.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from helpers.data.review.folder import files_in, review_folder
from helpers.errors import HelpersError, InputRefused, Problem
from helpers.paths import project_root, relative
from helpers.runner import Build, Job
from helpers.text import slug

if TYPE_CHECKING:
    from helpers.data.reading import DataSet
    from helpers.plan.model import Plan

__all__ = ["data_source", "inputs", "make_build", "stages"]

FORMATS = (("brief_html", ".html"), ("brief_pdf", ".pdf"))
CODE = (".py", ".typ", ".html", ".css", ".js", ".ttf", ".woff2", ".j2")


class CircularNotebooks(HelpersError):
    """Analyses wait for each other's tables."""


def _named(plan_path: Path, key: str) -> Path | None:
    """Return the place that the plan names under a key; None where it cannot be read at all."""
    try:
        written = yaml.safe_load(plan_path.read_text(encoding="utf-8-sig"))
        return project_root() / str(written[key])
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError):
        return None


def data_source(plan_path: Path) -> Path | None:
    """Return where the plan says its data are; None where it cannot be read at all."""
    return _named(plan_path, "data")


def _rules_of(plan_path: Path) -> list[Path]:
    """Return the plan's rule file and those beside it, with which it may be compared."""
    rules = _named(plan_path, "rules")
    return sorted(rules.parent.glob("*.yaml")) if rules else []


def _data_of(plan_path: Path) -> list[Path]:
    source = data_source(plan_path)
    if source is None:
        return []
    if source.is_dir():
        return list(files_in(source))
    return [*sorted(source.parent.glob(f"{source.stem}.*")), *files_in(review_folder(source))]


def inputs(plan_path: Path) -> tuple[Path, ...]:
    """Return every file that decides the result; cheap enough to be asked on each `make`."""
    root = project_root()
    notebooks = sorted((root / "notebooks").rglob("*.ipynb"))
    code = sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in CODE)
    pins = root / "requirements" / "build.txt"
    hidden = (".ipynb_checkpoints", "__pycache__")
    standards = sorted((root / "params" / "standards").glob("*.yaml"))
    decided = [plan_path, *_rules_of(plan_path), *standards, *_data_of(plan_path)]
    chosen = [*decided, *notebooks, *code, pins]
    return tuple(path for path in chosen if not set(hidden) & set(path.parts))


def _cells(notebook: Path) -> list[str]:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


def _calls(notebook: Path) -> Mapping[str, set[str]]:
    """Return the names of the tables that a notebook reads and publishes, as it writes them.

    They are the first arguments of calls named `published` or `table` (reads) and `publish`.
    """
    found: dict[str, set[str]] = {"read": set(), "publish": set()}
    for source in _cells(notebook):
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                kind = {"publish": "publish", "table": "read"}.get(called)
                if kind and isinstance(node.args[0].value, str):
                    found[kind].add(node.args[0].value)
    return found


def stages(notebooks: Sequence[Path]) -> Mapping[Path, int]:
    """Return when each analysis may start: after those that publish what it reads.

    Raises:
        CircularNotebooks: two analyses wait for each other.
    """
    calls = {notebook: _calls(notebook) for notebook in notebooks}
    makers = {name: notebook for notebook in notebooks for name in calls[notebook]["publish"]}
    needs = {
        notebook: {makers[name] for name in calls[notebook]["read"] if name in makers} - {notebook}
        for notebook in notebooks
    }
    found: dict[Path, int] = {}
    stage = 0
    while len(found) < len(notebooks):
        ready = [n for n in notebooks if n not in found and needs[n] <= set(found)]
        if not ready:
            waiting = ", ".join(relative(n) for n in notebooks if n not in found)
            raise CircularNotebooks(f"Các sổ phân tích chờ bảng của nhau: {waiting}.")
        found |= dict.fromkeys(ready, stage)
        stage += 1
    return found


def _title(notebook: Path) -> str:
    """Return the notebook's first heading."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line.removeprefix("# ").strip()
    return notebook.stem


def _is_for_each_district(notebook: Path) -> bool:
    """Tell whether the notebook's parameters name a district: then it is run for each."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            names = [
                target.id
                for node in ast.parse("".join(cell["source"])).body
                for target in getattr(node, "targets", [getattr(node, "target", None)])
                if isinstance(target, ast.Name)
            ]
            return "district" in names
    return False


def _renders(stem: str) -> tuple[tuple[str, str], ...]:
    return tuple((exporter, stem + suffix) for exporter, suffix in FORMATS)


def _brief_jobs(
    briefs: Iterable[Path], plan: str, districts: Sequence[str], stage: int
) -> list[Job]:
    jobs = []
    for notebook in briefs:
        title = _title(notebook)
        if not _is_for_each_district(notebook):
            name = notebook.stem
            jobs.append(Job(title, notebook, {"plan": plan}, name, _renders(name), stage))
            continue
        folder = "districts" if notebook.stem == "district-brief" else notebook.stem
        for district in districts:
            name = f"{folder}/{slug(district)}"
            parameters = {"plan": plan, "district": district}
            label = f"{title}: {district}"
            jobs.append(Job(label, notebook, parameters, name, _renders(name), stage))
    return jobs


def _checked(plan_path: Path) -> tuple[Plan, DataSet]:
    """Return the plan and its data, or raise InputRefused with the problems of both."""
    from helpers.data.reading import read_data
    from helpers.desk import check_together, read_known
    from helpers.plan.loading import load_plan
    from helpers.poverty.register_tables import check_register

    problems: list[Problem] = []
    plan, data = None, None
    try:
        plan = load_plan(plan_path)
    except InputRefused as refused:
        problems += refused.problems
    source = project_root() / plan.data if plan else data_source(plan_path)
    if source and (plan or source.exists()):
        try:
            data = read_known(plan) if plan else read_data(source)
        except InputRefused as refused:
            problems += refused.problems
    if problems or plan is None or data is None:
        raise InputRefused(problems)
    for check in (partial(check_together, plan, data), partial(check_register, data)):
        try:
            check()
        except InputRefused as refused:
            problems += refused.problems
    if problems:
        raise InputRefused(problems)
    return plan, data


def make_build(plan_path: Path) -> Build:
    """Return the whole build of a plan, its plan and data checked first.

    Raises:
        InputRefused: the plan or its data cannot be used; every problem is in it.
    """
    from helpers.brief.index import Made, write_index

    plan, data = _checked(plan_path)

    root = project_root()
    analyses = sorted((root / "notebooks").glob("[0-9]*.ipynb"))
    order = stages(analyses)
    written = relative(plan_path)
    jobs = [
        Job(_title(path), path, {"plan": written}, path.stem, (), order[path]) for path in analyses
    ]
    briefs = sorted((root / "notebooks" / "briefs").glob("*.ipynb"), reverse=True)
    last = max(order.values(), default=-1) + 1
    jobs += _brief_jobs(briefs, written, list(data.districts["name"]), last)
    made = [
        Made(job.label, f"notebooks/{job.name}.ipynb", tuple(path for _, path in job.renders))
        for job in jobs
    ]
    return Build(
        name=plan.id,
        target=root / "reports" / plan.id,
        jobs=tuple(jobs),
        inputs=inputs(plan_path),
        environment={},
        parameters={"plan": written},
        finish=partial(write_index, made=made, plan_id=plan.id),
    )
