"""Measure the build beside the stock tools, on the same notebooks in the same minute."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.errors import HelpersError
from helpers.runner import manifest
from helpers.runner.console import Console
from helpers.runner.copies import build_there, copy_project

__all__ = ["bench"]

REPEATS = 3

LONGEST = 900
"""Seconds that a stock tool may take."""


def _timed(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> float:
    """Return the wall seconds of a command that must go well."""
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        end = "\n".join(done.stderr.splitlines()[-5:])
        raise HelpersError(f"Không đo được công cụ gốc: {' '.join(command[:4])} …\n{end}")
    return time.monotonic() - start


def _stock(job: Mapping[str, Any], root: Path, target: Path, scratch: Path) -> float:
    """Return what papermill's and nbconvert's own commands take for one brief's HTML."""
    given = scratch / "parameters.yaml"
    given.write_text(json.dumps(job["parameters"], ensure_ascii=False), encoding="utf-8")
    ran = scratch / "ran.ipynb"
    variables = {
        **os.environ,
        "PYTHONPATH": str(root / "src"),
        "HELPERS_ROOT": str(root),
        "HELPERS_OUTPUT": str(target),
    }
    run = [sys.executable, "-m", "papermill", "--no-progress-bar", "-k", "python3", "-l", "python"]
    notebook = root / job["notebook"]
    first = _timed([*run, "-f", str(given), str(notebook), str(ran)], notebook.parent, variables)
    convert = [sys.executable, "-m", "nbconvert", "--to", "html", str(ran)]
    return first + _timed(convert, scratch, variables)


def _pdf_export(job: Mapping[str, Any], target: Path) -> tuple[float, float]:
    """Return the time of the first PDF export in this process, and the best of the later ones."""
    import nbformat
    from nbconvert.exporters import get_exporter

    from helpers.runner.model import OUTPUT_VARIABLE

    os.environ[OUTPUT_VARIABLE] = str(target)
    notebook = nbformat.read(target / "notebooks" / f"{job['name']}.ipynb", as_version=4)
    exporter = get_exporter("brief_pdf")()
    times = []
    for _ in range(1 + REPEATS):
        start = time.monotonic()
        exporter.from_notebook_node(notebook, {"metadata": {"name": job["name"]}})
        times.append(time.monotonic() - start)
    return times[0], min(times[1:])


def _second(value: float) -> str:
    return f"{value:.2f} s".replace(".", ",")


def bench(root: Path, plan: str, console: Console) -> int:
    """Measure and say: a full build, a build with nothing changed, one PDF, the largest page."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        copy = Path(folder) / "du-an"
        copy_project(root, copy)
        cold, done = build_there(copy, plan)
        if done.returncode:
            console.say(done.stdout + done.stderr)
            return 1
        again, _ = build_there(copy, plan)
        target = copy / "reports" / Path(plan).stem
        content = manifest.read(target)
        made = content["outputs"]
        jobs = content["jobs"]
        briefs = [job for job in jobs if job["renders"]]
        console.say(f"Dựng toàn bộ từ đầu ({len(jobs)} sổ tính):   {_second(cold)}")
        console.say(f"Chạy lại khi không có gì thay đổi:   {_second(again)}")
        pages = [(facts["size"], place) for place, facts in made.items() if place.endswith(".html")]
        if pages:
            size, place = max(pages)
            console.say(f"Trang HTML lớn nhất:   {size / 1024:.0f} KB ({place})")
        prints = [(facts["size"], place) for place, facts in made.items() if place.endswith(".pdf")]
        if prints:
            _, place = max(prints)
            longest = next(job for job in briefs if place in job["renders"])
            first, later = _pdf_export(longest, target)
            console.say(f"Xuất {place}:   lần đầu {_second(first)}, các lần sau {_second(later)}")
        if briefs:
            brief = briefs[-1]
            stock = _stock(brief, copy, target, Path(folder))
            console.say(
                f"Công cụ gốc (papermill + nbconvert --to html), một bản:   {_second(stock)}"
            )
            estimate = stock * len(jobs)
            console.say(
                f"Công cụ gốc cho {len(jobs)} sổ tính, ước lượng:   {_second(estimate)}"
                f"   (gấp {estimate / cold:.1f} lần)".replace(".", ",")
            )
    return 0
