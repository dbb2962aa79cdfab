"""What has to be run for a plan: which notebooks, with which parameters, in which order.

The composition root: it knows both the domain and the runner, and nothing imports it but the
command line.
"""

from __future__ import annotations

import ast
import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from helpers.data.review.folder import files_in, review_folder
from helpers.errors import InputRefused, Problem
from helpers.language import LANGUAGES
from helpers.paths import project_root, relative
from helpers.runner import Build, Job
from helpers.runner.code import Package
from helpers.runner.declared import Declared, declared
from helpers.text import slug

if TYPE_CHECKING:
    from helpers.desk import Desk

__all__ = ["OF_BRIEFS", "PRELOAD", "data_source", "inputs", "make_build", "package"]

FORMATS = {
    "html": ("brief_html", ".html"),
    "pdf": ("brief_pdf", ".pdf"),
    "word": ("brief_word", ".docx"),
    "excel": ("brief_excel", ".xlsx"),
}
"""Each format's exporter and ending; a notebook chooses by its metadata: brief, formats."""
USUAL = ("html", "pdf", "word")
"""The formats of a brief that says nothing of them."""
CODE = (".py", ".typ", ".html", ".css", ".js", ".ttf", ".woff2", ".j2", ".yaml")
PINS = "requirements/build.txt"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one, where it is there: a plan is looked into on each make."""

PRELOAD = (
    "papermill.execute",
    "helpers.desk",
    "highspy",
    "helpers.jobs",
    "helpers.runner.execute",
    "helpers.runner.watch",
)
"""What the template imports once, before anything runs."""

OF_BRIEFS = (
    "matplotlib",
    "matplotlib.backends.backend_svg",
    "helpers.brief.figures",
    "nbconvert.filters",
    "nbconvert.exporters",
    "helpers.brief.exporters",
    "helpers.brief.rehearsal",
    "helpers.runner.render",
)
"""What it imports for the briefs, one after the other while the analyses run."""

RUNS_NOTEBOOKS = (
    "helpers.runner.work",
    "helpers.runner.watch",
    "helpers.runner.warm.kernel",
)
"""The runner's modules that decide what an executed notebook looks like."""

RESOURCES = {
    "helpers.brief.html": ("brief/templates/fragment.html.j2", "brief/templates/nodes.html.j2"),
    "helpers.brief.figures.typeface": ("brief/fonts/*.ttf",),
    "helpers.language": ("translations/*.yaml",),
}
"""Files that modules read while a notebook runs."""

OF_EXPORTERS = {
    "brief_html": (
        *("brief/templates/brief.html.j2", "brief/templates/brief.css"),
        *("brief/templates/nodes.html.j2", "brief/templates/brief.js", "brief/fonts/*.woff2"),
    ),
    "brief_pdf": ("brief/templates/brief.typ", "brief/fonts/*.ttf"),
    "brief_word": ("brief/fonts/*.ttf",),
    "brief_excel": (),
}
"""Files that each exporter reads besides its code."""


def _named(plan_path: Path, key: str) -> Path | None:
    """Return the place that the plan names under a key; None where it cannot be read at all."""
    try:
        text = plan_path.read_text(encoding="utf-8-sig")
        written = yaml.load(text, LOADER)
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


def _standards() -> list[Path]:
    return sorted((project_root() / "params" / "standards").glob("*.yaml"))


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
    hidden = (".ipynb_checkpoints", "__pycache__")
    decided = [plan_path, *_rules_of(plan_path), *_standards(), *_data_of(plan_path)]
    said = [declared(notebook) for notebook in notebooks]
    named = [path for one in said for path in (*one.files, *one.defaults)]
    chosen = dict.fromkeys([*decided, *notebooks, *code, root / PINS, *named])
    return tuple(path for path in chosen if not set(hidden) & set(path.parts))


def _title(notebook: Path) -> str:
    """Return the notebook's first heading."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line.removeprefix("# ").strip()
    return notebook.stem


@dataclass(frozen=True)
class _Wanted:
    """What a brief's notebook says of itself."""

    title: str
    parameters: frozenset[str]
    """The names of its parameters: a run is made for each district, commune, language."""
    formats: tuple[str, ...]

    @classmethod
    def of(cls, notebook: Path) -> _Wanted:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        names = (
            target.id
            for cell in content["cells"]
            if "parameters" in cell.get("metadata", {}).get("tags", [])
            for node in ast.parse("".join(cell["source"])).body
            for target in getattr(node, "targets", [getattr(node, "target", None)])
            if isinstance(target, ast.Name)
        )
        chosen = content["metadata"].get("brief", {}).get("formats", USUAL)
        return cls(_title(notebook), frozenset(names), tuple(f for f in FORMATS if f in chosen))

    def renders(self, stem: str) -> tuple[tuple[str, str], ...]:
        """Return the documents of a run: each exporter with the place of its file."""
        return tuple((FORMATS[name][0], stem + FORMATS[name][1]) for name in self.formats)


@dataclass(frozen=True)
class _Maker:
    """Makes jobs: what each notebook declares and can reach is looked up once."""

    plan: str
    files: tuple[Path, ...]
    """What the analyses may read: the plan and its data."""
    package: Package
    known: dict[Path, tuple[Declared, tuple[Path, ...]]] = field(default_factory=dict)
    """What each notebook declares, and the code that it can reach."""

    def job(
        self,
        notebook: Path,
        label: str,
        name: str,
        *,
        renders: tuple[tuple[str, str], ...] = (),
        files: tuple[Path, ...] = (),
        parameters: Mapping[str, str] | None = None,
    ) -> Job:
        """Return the job of a notebook."""
        if notebook not in self.known:
            said = declared(notebook)
            self.known[notebook] = said, self.package.reachable(said.imports)
        said, code = self.known[notebook]
        return Job(
            label=label,
            notebook=notebook,
            parameters={"plan": self.plan, **(parameters or {})},
            name=name,
            renders=renders,
            reads=said.reads,
            publishes=said.publishes,
            files=tuple(sorted({*files, *said.defaults})),
            named=said.files,
            code=code,
        )

    def analyses(self, notebooks: Iterable[Path]) -> Iterator[Job]:
        """Yield the jobs of the analyses."""
        for notebook in notebooks:
            yield self.job(notebook, _title(notebook), notebook.stem, files=self.files)

    def briefs(self, notebooks: Iterable[Path], desk: Desk) -> Iterator[Job]:
        """Yield the jobs of the briefs: one for each district, commune and language asked for."""
        for notebook in notebooks:
            wanted = _Wanted.of(notebook)
            languages = desk.plan.briefs.languages if "language" in wanted.parameters else ("",)
            for label, stem, parameters in _places(notebook, wanted, desk):
                for language in languages:
                    spoken = {"language": language} if language else {}
                    foreign = language not in ("", "vi")
                    name = f"{stem}.{language}" if foreign else stem
                    yield self.job(
                        notebook,
                        f"{label} ({LANGUAGES[language]})" if foreign else label,
                        name,
                        renders=wanted.renders(name),
                        parameters=parameters | spoken,
                    )


def _places(
    notebook: Path, wanted: _Wanted, desk: Desk
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the runs of a brief's notebook: label, stem of the files, parameters."""
    own = FOLDERS.get(notebook.stem, notebook.stem)
    if "commune" in wanted.parameters:
        from helpers.data.special import special_communes

        if not desk.plan.briefs.communes:
            return
        for row in special_communes(desk.data).itertuples():
            stem = f"{own}/{slug(row.district)}/{slug(row.name)}-{row.code}"
            label = f"{wanted.title}: {row.kind} {row.name}, {row.district}"
            yield label, stem, {"commune": str(row.code)}
    elif "district" in wanted.parameters:
        for name in desk.data.districts["name"]:
            yield f"{wanted.title}: {name}", f"{own}/{slug(name)}", {"district": name}
    else:
        yield wanted.title, notebook.stem, {}


FOLDERS = {"district-brief": "districts", "commune-sheet": "communes"}
"""Where the documents of a notebook stand that is run many times; else its own name."""


def _checked(plan_path: Path) -> Desk:
    """Return the plan and its data, or raise InputRefused with the problems of both."""
    from helpers.data.reading import read_data
    from helpers.desk import check_together, read_known, warm
    from helpers.plan.loading import load_plan

    with contextlib.suppress(InputRefused):
        return warm(plan_path)
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
    if plan and data and not problems:
        check_together(plan, data)
        return warm(plan_path)
    raise InputRefused(problems)


def _check_register(plan_path: Path) -> None:
    """Refuse a household register that cannot be read; called where threads do no harm."""
    from helpers.desk import warm
    from helpers.poverty.register_tables import check_register

    check_register(warm(plan_path).data)


def _write_index(
    folder: Path, *, made: Sequence[tuple[str, str, tuple[str, ...]]], plan_id: str
) -> None:
    """Write the first page of the reports; what it needs is imported only where it is made."""
    from helpers.brief.index import Made, write_index

    write_index(folder, made=[Made(*one) for one in made], plan_id=plan_id)


def package() -> Package:
    """Return the project's own package, with what its modules read besides."""
    import helpers

    folder = Path(__file__).parent
    given = {**helpers.face()}
    resources = {
        module: tuple(path for pattern in patterns for path in sorted(folder.glob(pattern)))
        for module, patterns in RESOURCES.items()
    }
    return Package(folder, {f"helpers.{name}": place for name, place in given.items()}, resources)


def _exporters(found: Package) -> dict[str, tuple[Path, ...]]:
    """Return the files behind each exporter."""
    code = found.reachable(["helpers.brief.exporters"])
    return {
        name: tuple(sorted({*code, *(path for p in patterns for path in found.folder.glob(p))}))
        for name, patterns in OF_EXPORTERS.items()
    }


def make_build(plan_path: Path, known: Package | None = None) -> Build:
    """Return the whole build of a plan, its plan and data checked first.

    Args:
        plan_path: The plan's file.
        known: The project's package, where what it imports is known already.

    Raises:
        InputRefused: the plan or its data cannot be used; every problem is in it.
    """
    from helpers.data.register.place import register_path
    from helpers.desk import rehearse

    desk = _checked(plan_path)
    rehearse()
    root = project_root()
    found = known or package()
    source = root / desk.plan.data
    decided = tuple(sorted({plan_path, *_rules_of(plan_path), *_standards(), *_data_of(plan_path)}))
    maker = _Maker(relative(plan_path), decided, found)
    briefs = sorted((root / "notebooks" / "briefs").glob("*.ipynb"), reverse=True)
    jobs = [
        *maker.analyses(sorted((root / "notebooks").glob("[0-9]*.ipynb"))),
        *maker.briefs(briefs, desk),
    ]
    made = [
        (job.label, f"notebooks/{job.name}.ipynb", tuple(path for _, path in job.renders))
        for job in jobs
    ]
    return Build(
        name=desk.plan.id,
        target=root / "reports" / desk.plan.id,
        jobs=tuple(jobs),
        inputs=inputs(plan_path),
        common=(root / PINS, *found.reachable(RUNS_NOTEBOOKS)),
        exporters=_exporters(found),
        parameters={"plan": relative(plan_path)},
        check=partial(_check_register, plan_path) if register_path(source) else None,
        learn=OF_BRIEFS,
        rehearse="helpers.brief.rehearsal:rehearse",
        finish=partial(_write_index, made=made, plan_id=desk.plan.id),
    )
