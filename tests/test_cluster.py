"""A build on a Dask cluster: the results of this machine, whatever happens to the others."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from cluster_samples import Cluster, cluster, copy_of_runner
from runner_toys import contents, job, publishing, run_quietly, toy, write_notebook

from helpers import bootstrap, cli
from helpers.jobs import OF_BRIEFS, PRELOAD
from helpers.paths import ROOT_VARIABLE
from helpers.runner import Build, Limits, Result, open_shop
from helpers.runner.cluster import ClusterUnfit, ClusterUnreachable, cargo, executor, station
from helpers.runner.copies import copy_project
from helpers.runner.task import Done, Task
from helpers.runner.work import run as do

ROOT = Path(__file__).parents[1]
PATIENCE = 20.0
TOYS = ("papermill.execute", "nbconvert.exporters", "helpers.runner.execute")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster whose machines have the runner, and nothing else of the project."""
    folder = tmp_path_factory.mktemp("cum")
    with cluster(copy_of_runner(folder / "ma"), folder) as started:
        yield started


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project folder."""
    folder = tmp_path / "du-an"
    folder.mkdir()
    monkeypatch.setenv(ROOT_VARIABLE, str(folder))
    return folder


def _there(build: Build, machines: Cluster) -> tuple[Result, str]:
    """Run a build on the cluster; return how it ended and its words."""
    with open_shop(TOYS, cluster=machines.address) as opened:
        return run_quietly(build, opened)


def _until(true: Any) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _both(build: Build, machines: Cluster) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return what a build publishes here, and what it publishes from the cluster."""
    here, said = run_quietly(build)
    assert here.code == 0, said
    first = contents(build.target)
    build.target.rename(build.target.with_name("here"))
    there, said = _there(build, machines)
    assert there.code == 0, said
    assert len(there.made) == len(build.jobs)
    return first, contents(build.target)


def _words(result: Result) -> list[str]:
    """Return what is said of the failures, but for the memory that a killed process had."""
    return [re.sub(r" \(đã dùng [\d.]+ MB\)", "", str(failure)) for failure in result.failures]


def _kept(build: Build) -> dict[str, bytes]:
    """Return what is kept of failed runs; how far a killed one came is a matter of chance."""
    found = contents(build.target / "failed")
    return {place: content for place, content in found.items() if not place.startswith("chet")}


def _task(root: Path, notebook: Path) -> Task:
    folder = root / "reports" / ".thu.work"
    return Task(job(notebook), folder / "reports", folder / "failed", root, ())


@pytest.mark.slow
def test_a_build_gives_the_same_bytes_and_leaves_nothing_running(
    root: Path, machines: Cluster
) -> None:
    """Tables, documents, executed notebooks and manifest are those of this machine."""
    data = root / "data" / "so.csv"
    data.parent.mkdir()
    data.write_text("a\n1\n", encoding="utf-8")
    analysis = write_notebook(root, "phan-tich", publishing("von", "key,total\nDA5,100000\n"))
    brief = write_notebook(
        root,
        "ban",
        "import os\nfrom pathlib import Path\nfolder = Path(os.environ['HELPERS_OUTPUT'])",
        "print(district, (folder / 'tables' / 'von.csv').read_text())",
        "print(folder / 'tables', Path.cwd(), os.environ['HELPERS_ROOT'])",
        "print(Path('../data/so.csv').read_text(), sorted(os.listdir('../data')))",
        "hash('chuỗi')",
    )
    jobs = [job(analysis, publishes=("von",))]
    for name in ("Kỳ Sơn", "Con Cuông", "Vinh"):
        place = f"districts/{len(name)}"
        renders = (("html", f"{place}.html"), ("markdown", f"{place}.md"))
        more: dict[str, Any] = {"renders": renders, "reads": ("von",), "files": (data,)}
        jobs.append(job(brief, place, {"district": name}, **more))
    build = toy(root, *jobs, inputs=(data,), environment={"HELPERS_TOY": "có $dollar"})
    here, there = _both(build, machines)
    assert here == there
    assert "manifest.json" in here
    assert machines.running() == []


@pytest.mark.slow
def test_the_project_gives_the_same_bytes(
    tmp_path: Path, machines: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All analyses, two districts' briefs and the province's own documents are those of here."""
    root = tmp_path / "du-an"
    copy_project(ROOT, root)
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    plan = root / "params" / "nghe-an-2024.yaml"

    def chosen(build: Build) -> Build:
        names = [job.name for job in build.jobs if job.name.startswith("districts/")][2:]
        jobs = tuple(job for job in build.jobs if job.name not in names)
        return dataclasses.replace(build, jobs=jobs, finish=None)

    published = []
    for address in ("", machines.address):
        with open_shop((*PRELOAD, *OF_BRIEFS), cluster=address) as opened:
            build = chosen(opened.call("helpers.jobs:make_build", plan))
            result, said = run_quietly(build, opened)
        assert result.code == 0, said
        published.append(contents(build.target))
        build.target.rename(tmp_path / ((address and "there") or "here"))
    assert len([place for place in published[0] if place.endswith(".pdf")]) == 4
    assert published[0] == published[1]
    assert machines.running() == []


@pytest.mark.slow
def test_a_notebook_cannot_change_the_project_for_the_next(root: Path, machines: Cluster) -> None:
    """What a notebook does to a file behind the runner's back is undone where it ran."""
    data = root / "data" / "so.csv"
    data.parent.mkdir()
    data.write_text("1", encoding="utf-8")
    spoiling = "import os\n_ = os.system('echo 2 > ../data/so.csv')"
    first = write_notebook(root, "truoc", spoiling, publishing("von", "key\n1\n"))
    reading = "from pathlib import Path\nassert Path('../data/so.csv').read_text() == '1'"
    later = [
        job(write_notebook(root, f"sau-{number}", reading), reads=("von",), files=(data,))
        for number in range(4)
    ]
    build = toy(root, job(first, publishes=("von",)), *later, inputs=(data,))
    result, said = _there(build, machines)
    assert result.code == 0, said
    assert data.read_text(encoding="utf-8") == "1"


@pytest.mark.slow
def test_a_machine_that_dies_costs_nothing_but_time(root: Path, machines: Cluster) -> None:
    """The process of Dask is killed in the middle of a notebook, which is then run elsewhere."""
    flag = root.parent / "flag"
    waiting = (
        "import os, time\nfrom pathlib import Path\nflag = Path(note)\n"
        "again = flag.exists()\n_ = again or flag.write_text(str(os.getpid()))\n"
        "time.sleep(0 if again else 60)\nprint('xong')"
    )
    notebook = write_notebook(root, "lau", waiting)
    others = [job(write_notebook(root, f"khac-{number}", "1")) for number in range(3)]
    build = toy(root, job(notebook, parameters={"note": str(flag)}), *others)
    ended: list[int] = []

    def kill() -> None:
        _until(lambda: flag.exists() and flag.read_text(encoding="utf-8"))
        notebook_process = psutil.Process(int(flag.read_text(encoding="utf-8")))
        for process in notebook_process.parents():
            if process.pid in {child.pid for child in machines.process.children(recursive=True)}:
                ended.append(process.pid)
        worker = psutil.Process(next(pid for pid in ended if pid in machines.workers))
        worker.send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result, said = _there(build, machines)
    killer.join()
    assert result.code == 0, said
    assert ended
    assert machines.running() == []


@pytest.mark.slow
def test_what_fails_here_fails_there_in_the_same_words(root: Path, machines: Cluster) -> None:
    """Undeclared reads, errors, exits, deaths and time-outs are told and kept alike."""
    (root / "data").mkdir()
    (root / "data" / "kin.csv").write_text("a\n1\n", encoding="utf-8")
    tables = "import os\nfrom pathlib import Path\nfolder = Path(os.environ['HELPERS_OUTPUT'])"
    cells = {
        "tep": "open('../data/' + 'kin' + '.csv').read()",
        "bang": tables + " / 'tables'\n(folder / ('vo' + 'n.csv')).read_text()",
        "loi": "1 / 0",
        "mat": "open('../data/khong-co.csv')",
        "thoat": "exit()",
        "chet": "import os; os._exit(3)",
        "treo": "import time; time.sleep(60)",
    }
    notebooks = [write_notebook(root, name, "1", cell, "3") for name, cell in cells.items()]
    first = job(write_notebook(root, "dau", publishing("von", "key\n1\n")), publishes=("von",))
    # Every notebook waits for the table, so that it is there for the one that must not read it.
    others = [job(path, publishes=(f"t-{path.stem}",)) for path in notebooks]
    late = [dataclasses.replace(one, reads=("cho",)) for one in others]
    wait = job(
        write_notebook(root, "cho", publishing("cho", "key\n1\n")),
        reads=("von",),
        publishes=("cho",),
    )
    build = toy(root, first, wait, *late)
    limits = Limits(cell=3)
    here, _ = run_quietly(build, limits=limits)
    kept = _kept(build)
    build.target.rename(build.target.with_name("here"))
    with open_shop(TOYS, cluster=machines.address) as opened:
        there, _ = run_quietly(build, opened, limits=limits, afresh=True)
    assert len(here.failures) == len(cells)
    assert _words(here) == _words(there)
    assert "không khai báo: data/kin.csv" in str(here.failures[0])
    assert "không khai báo: bảng “von”" in str(here.failures[1])
    assert _kept(build) == kept
    assert machines.running() == []


@pytest.mark.slow
def test_stopping_leaves_nothing_running(root: Path, machines: Cluster) -> None:
    """A build that is given up takes back its tasks, the running one included, at once."""
    flag = root.parent / "flag"
    cell = "import time\nfrom pathlib import Path\nPath(note).touch()\ntime.sleep(60)"
    notebook = write_notebook(root, "lau", cell)
    task = _task(root, notebook)
    task = dataclasses.replace(task, job=job(notebook, parameters={"note": str(flag)}))
    with open_shop(TOYS, cluster=machines.address) as opened:
        futures = [opened.executor.submit(do, task) for _ in range(9)]
        _until(flag.exists)
        start = time.monotonic()
        opened.stop()
    assert time.monotonic() - start < 10
    assert all(future.done() for future in futures)
    assert not any(future.exception() is None for future in futures if not future.cancelled())
    assert machines.running() == []
    assert not (root / "reports").exists()


@pytest.mark.slow
def test_a_machine_with_another_runner_is_refused(root: Path, tmp_path: Path) -> None:
    """The first file that differs is named, what to do is said, and nothing is written."""
    code = copy_of_runner(tmp_path / "ma")
    with (code / "helpers" / "runner" / "executor.py").open("a", encoding="utf-8") as stream:
        stream.write("\n# khác\n")
    with (
        cluster(code, tmp_path, workers=1) as machines,
        pytest.raises(ClusterUnfit, match=r"bắt đầu từ helpers/runner/executor\.py") as refused,
        open_shop(TOYS, cluster=machines.address),
    ):
        pass
    assert "Chép dự án này sang máy đó" in str(refused.value)
    assert list(root.iterdir()) == []


@pytest.mark.slow
def test_a_cluster_without_machines_is_refused(root: Path, tmp_path: Path) -> None:
    """A scheduler alone does no work: that is said within some seconds."""
    start = time.monotonic()
    with (
        cluster(copy_of_runner(tmp_path / "ma"), tmp_path, workers=0) as machines,
        pytest.raises(ClusterUnreachable, match="không có máy nào"),
        open_shop(TOYS, cluster=machines.address),
    ):
        pass
    assert time.monotonic() - start < PATIENCE


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "tcp://", "cum-khong-co", "x://a:1"])
def test_an_address_where_nobody_answers_is_told(
    root: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    """The command ends with code 2 and one message within ten seconds; nothing is written."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = address.format(port=taken.getsockname()[1])
    (root / "params").mkdir()
    (root / "params" / "nghe-an-2024.yaml").write_text("year: 2024\n", encoding="utf-8")
    start = time.monotonic()
    assert cli.run_here(["build", "--cluster", address]) == 2
    assert time.monotonic() - start < 10
    said = capsys.readouterr()
    assert said.out.startswith(f"Lỗi: Không kết nối được với cụm ở {address}: ")
    assert "CLUSTER" in said.out
    assert "Traceback" not in said.out + said.err
    assert not list((root / "reports").glob("[!.]*"))


def _facts(**changed: Any) -> dict[str, Any]:
    return {**station.facts(), **changed}


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (ImportError("No module named 'helpers'"), "không có mã của dự án"),
        (OSError("mất"), "không trả lời được: mất"),
        (_facts(python="3.11.0"), "Python 3.11.0, ở đây là"),
        (_facts(packages={**station.packages(), "pandas": "1.0"}), "gói pandas 1.0, ở đây là"),
        (_facts(packages={}), "thiếu gói .* lý do khác"),
        (_facts(loaded={"helpers/paths.py": "0"}), r"bắt đầu từ helpers/paths\.py"),
    ],
)
def test_a_machine_that_is_not_alike_is_refused(there: Any, said: str) -> None:
    """Another Python, other packages or another runner could give other results."""
    with pytest.raises(ClusterUnfit, match=said):
        executor._check("tcp://may:1", station.facts(), there)


def test_a_machine_that_is_alike_is_welcome() -> None:
    """What a machine says of itself is compared without a difference being invented."""
    facts = station.facts()
    assert {"distributed", "papermill", "tornado"} <= set(facts["packages"])
    executor._check("tcp://may:1", facts, pickle.loads(pickle.dumps(facts)))


def test_without_distributed_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the command that installs it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ClusterUnfit, match="make CLUSTER=tcp://may:8786"),
        open_shop(cluster="tcp://may:8786"),
    ):
        pass


@pytest.mark.parametrize(
    ("words", "needed"), [([], "build"), (["--cluster", "tcp://may:8786"], "cluster")]
)
def test_make_installs_what_a_cluster_needs(
    monkeypatch: pytest.MonkeyPatch, words: list[str], needed: str
) -> None:
    """Only a build on a cluster asks for the packages of the cluster."""
    asked = []

    def ensure(_: Path, name: str) -> Path:
        asked.append(name)
        raise bootstrap.SetupFailed("đủ rồi")

    monkeypatch.setattr(bootstrap, "ensure", ensure)
    assert cli.main(["build", *words]) == 2
    assert asked == [needed]


def test_the_project_is_sent_whole_and_nothing_else() -> None:
    """Code, data and notebooks go along; reports, caches and hidden files stay."""
    found = cargo.snapshot(ROOT)
    assert found.package == "project/src"
    assert {"project/pyproject.toml", "project/params/nghe-an-2024.yaml"} <= set(found.places)
    assert "project/src/helpers/runner/work.py" in found.places
    parts = {part for place in found.places for part in place.split("/")}
    assert not [part for part in parts if part.startswith(".") or part == "__pycache__"]
    assert "project/reports" not in {"/".join(place.split("/")[:2]) for place in found.places}
    assert set(found.places.values()) == set(found.sources)


def test_a_path_of_the_project_is_the_same_place_elsewhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that was packed here names the files of the project that it is unpacked in."""
    notebook = write_notebook(root, "ban", "1")
    packed = cargo.portable(_task(root, notebook))
    assert str(root).encode() not in packed
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "khac"))
    task = pickle.loads(packed)
    assert task.job.notebook == tmp_path / "khac" / "notebooks" / "ban.ipynb"
    assert task.root == tmp_path / "khac"


def test_a_file_that_arrives_damaged_is_not_written(root: Path) -> None:
    """Every file is held against the digest that was taken where it was made."""
    task = _task(root, write_notebook(root, "ban", "1"))
    facts = {"sha256": hashlib.sha256(b"good").hexdigest(), "size": 4}
    done = Done(outputs={"a.html": facts, "b.html": facts})
    files = {"a.html": b"good", "b.html": b"gone"}
    for spoiled in (files, {"a.html": b"good"}):
        assert cargo.written(cargo.Answer(pickle.dumps(done), spoiled, {}), task) is None
        assert not task.folder.exists()
    whole = cargo.Answer(pickle.dumps(done), {**files, "b.html": b"good"}, {"x.log": b"y"})
    assert cargo.written(whole, task) == done
    assert contents(task.folder) == {"a.html": b"good", "b.html": b"good"}
    assert contents(task.broken) == {"x.log": b"y"}


def test_a_station_keeps_only_what_is_whole_and_ends_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content that does not fit its digest is asked for again; without a build nothing stays."""
    worker = SimpleNamespace(address="tcp://may:1", local_directory=str(tmp_path))
    name = hashlib.sha256(b"onetwo").hexdigest()
    assert station.lacking("k", [name], worker) == [name]
    for pieces in (((b"one", True), (b"zwei", False)), ((b"one", True), (b"two", False))):
        assert station.lacking("k", [name], worker) == [name]
        for content, more in pieces:
            station.keep("k", name, content, more, worker)
    monkeypatch.setattr(station, "IDLE", 0.1)
    assert station.lacking("k", [name], worker) == []
    _until(lambda: not list(tmp_path.iterdir()))
    assert not station._stations
