"""On the side of the build: an executor whose tasks are done by the machines of a cluster."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from helpers.errors import HelpersError
from helpers.paths import project_root, relative
from helpers.runner.cluster import cargo, station
from helpers.runner.cluster.cargo import Absent, Answer, Lacking, Parcel, Snapshot
from helpers.runner.judge import some
from helpers.runner.model import Failure
from helpers.runner.shop import Shop
from helpers.runner.surroundings import HASH_SEED, environment
from helpers.runner.task import Done, Task
from helpers.runner.warm.template import NotWarm

if TYPE_CHECKING:
    import distributed

__all__ = ["ClusterExecutor", "ClusterShop", "ClusterUnfit", "ClusterUnreachable", "open_cluster"]

T = TypeVar("T")

TO_CONNECT = 5
"""Seconds in which a cluster must answer."""

TO_JOIN = 3
"""Seconds in which a machine of the cluster must be there."""

WITHOUT_MACHINES = 60
"""Seconds that a build waits for machines to come back."""

STEP = 2.0
"""Seconds between two looks at whether there is still a machine."""

PIECE = 16 * 2**20
"""Bytes of a file that are sent at once."""

TIMES_ELSEWHERE = 2
"""How often Dask repeats a task that a fault of a machine (a full disk) has spoiled."""

ASKED_AGAIN = 20
"""How often a task is sent, each time with more of what a machine lacks."""

AT_ONCE = 256
"""Tasks that are handed over at once: how they spread over the machines is the cluster's affair."""

STATION = "helpers.runner.cluster.station"


class ClusterUnreachable(HelpersError):
    """No cluster answers at the address, or none of its machines is there."""


class ClusterUnfit(HelpersError):
    """A machine of the cluster cannot give the results that this one would."""


class _Lost(Exception):
    """A task could not be done; the message says why."""

    def __init__(self, what: str, *, hopeless: bool) -> None:
        """Keep whether the other tasks would be lost as well."""
        super().__init__(what)
        self.hopeless = hopeless


@dataclass(frozen=True)
class _Call:
    """A call that happens where it is unpickled: Dask itself needs no code of the project."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.arguments


def _differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a machine has otherwise than this one, the first difference of each kind."""
    if here["python"] != there["python"]:
        yield f"Python {there['python']}, ở đây là {here['python']}"
    known = cargo.loaded_from(
        place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for place in there["loaded"]
    )
    other = (place for place, made in there["loaded"].items() if known.get(place) != made)
    if place := next(other, ""):
        yield f"mã nguồn khác ở đây, bắt đầu từ {place}"
    packages = []
    for name, version in here["packages"].items():
        found = there["packages"].get(name)
        if found is None:
            packages.append(f"thiếu gói {name}")
        elif found != version:
            packages.append(f"gói {name} {found}, ở đây là {version}")
    if packages:
        yield some(packages)


def _check(address: str, here: Mapping[str, Any], there: Any) -> None:
    """Refuse a machine that is not like this one.

    Raises:
        ClusterUnfit: with what is different and what to do.
    """
    todo = (
        "Chép dự án này sang máy đó, chạy make ở đó một lần với CLUSTER=… để cài đúng gói, "
        "rồi khởi động lại dask worker."
    )
    if isinstance(there, ImportError):
        raise ClusterUnfit(f"Máy {address} của cụm không có mã của dự án ({there}).\n  → {todo}")
    if isinstance(there, Exception):
        raise ClusterUnfit(f"Máy {address} của cụm không trả lời được: {there}.\n  → {todo}")
    if found := "; ".join(_differences(here, there)):
        what = f"Máy {address} của cụm khác máy này nên kết quả có thể khác: {found}."
        raise ClusterUnfit(f"{what}\n  → {todo}")


class ClusterExecutor(ThreadPoolExecutor):
    """Has tasks done by a cluster; each of its threads packs one, waits for it and unpacks it.

    What is no task (a build's first check, its last step) is done here: it needs all results.
    """

    def __init__(self, client: distributed.Client, preload: Sequence[str]) -> None:
        """Look at every machine, and begin to send the project to them.

        Raises:
            ClusterUnfit: a machine has another Python, other packages, or another runner.
        """
        self._client = client
        self._preload = (*preload, STATION)
        self._here = station.facts()
        machines = self._everywhere(station.facts)
        for address, there in sorted(machines.items()):
            _check(address, self._here, there)
        # One more than there are hands for, so that no machine waits for its next task.
        super().__init__(
            len(machines) + sum(client.nthreads().values()), thread_name_prefix="cluster"
        )
        self._guard = threading.Lock()
        self._sending = threading.Lock()
        self._asked: set[Any] = set()
        self._closing = False
        self._key = ""
        self._sent = Snapshot()
        self._sure = False
        self._ahead: Future[None] | None = None
        self._calls: tuple[bytes, ...] = ()

    # --- the project

    def call(self, place: str, *arguments: Any) -> Any:
        """Return what a function ("package.module:name") answers here.

        Meanwhile the machines get the project and call the function too: what it reads stays
        there for every notebook.
        """
        self._calls = (*self._calls, cargo.portable((place, arguments)))
        if self._ahead is None:
            self._ahead = super().submit(self._settle, cargo.snapshot(project_root()))
        module, _, name = place.partition(":")
        return getattr(import_module(module), name)(*arguments)

    def _everywhere(self, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """Call a function on every machine; return the answers, or the errors, by address."""
        return dict(self._client.run(function, *arguments, on_error="return"))

    def _there(self, address: str, function: Callable[..., T], *arguments: Any) -> T | None:
        """Call a function on one machine; None where that has just gone."""
        answers = self._client.run(function, *arguments, workers=[address], on_error="return")
        answer = answers.get(address)
        if isinstance(answer, OSError) and not self._is_there(address):
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def _is_there(self, address: str) -> bool:
        return address in self._client.nthreads()

    def _settle(self, snapshot: Snapshot) -> None:
        """Have every machine set the project up as it is in the snapshot."""
        before, self._key, self._sent = self._key, uuid4().hex, snapshot
        if before:
            self._everywhere(station.end, before)
        digests = sorted(snapshot.sources)
        answers = self._everywhere(station.lacking, self._key, digests)
        wanted = {name for found in answers.values() if isinstance(found, list) for name in found}
        for name in sorted(wanted):
            for content, more in _pieces(snapshot.sources[name]):
                self._everywhere(station.keep, self._key, name, content, more)
        self._everywhere(station.begin, *self._beginning())

    def _beginning(self) -> tuple[Any, ...]:
        places, package = dict(self._sent.places), self._sent.package
        seed = environment()[HASH_SEED]
        return self._key, places, package, self._preload, seed, self._calls

    def _ready(self, task: Task) -> None:
        """Make sure that the machines have the project as it is now that tasks begin."""
        with self._sending:
            if self._sure:
                return
            if self._ahead is not None:
                self._ahead.result()
            now = cargo.snapshot(task.root)
            if now != self._sent:
                self._settle(now)
            self._sure = True

    def _supply(self, address: str, sources: Mapping[str, Path]) -> None:
        """Send a machine the content that it still lacks."""
        with self._sending:
            for name in self._there(address, station.lacking, self._key, list(sources)) or ():
                for content, more in _pieces(sources[name]):
                    self._there(address, station.keep, self._key, name, content, more)

    def _open(self, address: str) -> None:
        """Set the project up on a machine that has joined since, or was started anew.

        Raises:
            ClusterUnfit: the machine is not like this one.
        """
        try:
            there = self._there(address, station.facts)
        except Exception as error:
            there = error  # type: ignore[assignment]  # judged as at the beginning
        if there is None:
            return
        _check(address, self._here, there)
        self._supply(address, self._sent.sources)
        if reason := self._there(address, station.begin, *self._beginning()):
            raise NotWarm(reason)

    # --- tasks

    def submit(self, function: Callable[..., T], /, *arguments: Any, **more: Any) -> Future[T]:
        """Have a machine do a task (the only argument), or this process anything else."""
        if arguments and isinstance(arguments[0], Task):
            return super().submit(self._elsewhere, function, arguments[0])  # type: ignore[arg-type]
        return super().submit(function, *arguments, **more)

    def _elsewhere(self, function: Callable[[Task], Done], task: Task) -> Done:
        try:
            self._ready(task)
            done = self._once(function, task)
            if done.failure and _missed(task, done.failure):
                # It looked for a table that it did not declare: with it there, just that is said.
                done = self._once(function, task, whole=True)
            return done
        except NotWarm as reason:
            what = f"máy của cụm không nhân bản được tiến trình để chạy sổ tính: {reason}"
            return _failed(
                task, what, "xem nhật ký của dask worker, hoặc chạy make không có CLUSTER"
            )
        except HelpersError as error:
            return _failed(task, str(error), "sửa theo lời báo trên rồi chạy lại make")
        except _Lost as lost:
            todo = "kiểm tra cụm rồi chạy lại make; những gì đã xong được dùng lại"
            return _failed(task, str(lost), todo, hopeless=lost.hopeless)

    def _once(self, function: Callable[[Task], Done], task: Task, *, whole: bool = False) -> Done:
        """Have a task done, with all that its machine lacks sent along."""
        wanted = cargo.needs(task, whole=whole)
        parcel = cargo.packed(function, task, wanted)
        sources = {name: wanted[place] for place, name in parcel.needs.items()}
        address = ""
        for _ in range(ASKED_AGAIN):
            match self._ask(task, parcel, address):
                case Absent(address=address):
                    self._open(address)
                case Lacking(address=address, digests=digests):
                    self._supply(address, {name: sources[name] for name in digests})
                case Answer() as answer:
                    done = cargo.written(answer, task)
                    if done is not None:
                        return _named(done, answer.host)
        raise _Lost("cụm không giữ được tệp đã gửi, hoặc trả về tệp hỏng", hopeless=False)

    def _ask(self, task: Task, parcel: Parcel, address: str) -> Answer | Absent | Lacking:
        """Send a parcel and wait for what comes back; the named machine is asked first."""
        from distributed.scheduler import KilledWorker

        call = pickle.dumps(_Call(station.work, (self._key, parcel)))
        with self._guard:
            if self._closing:
                raise CancelledError
            future = self._client.submit(
                pickle.loads,
                call,
                key=f"{task.job.name}-{uuid4().hex}",
                pure=False,
                retries=TIMES_ELSEWHERE,
                workers=[address] if address else None,
                allow_other_workers=bool(address),
            )
            self._asked.add(future)
        try:
            answer: Answer | Absent | Lacking = self._result(future)
            return answer
        except KilledWorker as killed:
            count = killed.allowed_failures + 1
            what = f"{count} máy của cụm lần lượt bị tắt khi đang chạy sổ này, có thể do hết bộ nhớ"
            raise _Lost(what, hopeless=False) from None
        finally:
            with self._guard:
                self._asked.discard(future)
            future.release()

    def _result(self, future: Any) -> Any:
        """Wait for a future as long as there are machines.

        Raises:
            _Lost: the cluster has gone.
        """
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        alone = 0.0
        while not done.wait(STEP):
            with contextlib.suppress(OSError):
                alone = 0.0 if self._client.nthreads() else alone or time.monotonic()
            if alone and time.monotonic() - alone > WITHOUT_MACHINES:
                raise _Lost("cụm không còn máy nào", hopeless=True)
        try:
            return future.result()
        except (asyncio.CancelledError, CancelledError):
            if self._closing:
                raise CancelledError from None
            raise _Lost("mất kết nối với máy chủ của cụm", hopeless=True) from None

    # --- the end

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take back what is still being done, and end what runs on the machines."""
        with self._guard:
            self._closing = True
            asked = list(self._asked)
        super().shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(Exception):  # the cluster may be gone
            if asked:
                self._client.cancel(asked, force=True)
        with contextlib.suppress(Exception):
            self._everywhere(station.end, self._key)
        super().shutdown(wait=True)


class ClusterShop(Shop):
    """A shop whose work is done by a cluster."""

    def __init__(self, executor: ClusterExecutor) -> None:
        """Have it done by the executor."""
        super().__init__(executor, workers=AT_ONCE)
        self._cluster = executor

    def call(self, place: str, *arguments: Any) -> Any:
        """Return what a function ("package.module:name") answers; every machine is warm with it."""
        return self._cluster.call(place, *arguments)


def _missed(task: Task, failure: Failure) -> bool:
    """Tell whether a run failed for want of a file that is here, but was not declared."""
    undeclared = cargo.needs(task, whole=True).keys() - cargo.needs(task).keys()
    return any(PurePosixPath(place).name in failure.details for place in undeclared)


def _failed(task: Task, what: str, todo: str, *, hopeless: bool = True) -> Done:
    job = task.job
    return Done(Failure(job.label, relative(job.notebook), what, todo, hopeless=hopeless))


def _named(done: Done, host: str) -> Done:
    """Return an answer that says on which machine the disk is full."""
    failure = done.failure
    if failure is None or not failure.hopeless:
        return done
    return replace(done, failure=replace(failure, what=f"{failure.what} (máy {host} của cụm)"))


def _pieces(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield the content of a file piece by piece, each with whether more follows."""
    with path.open("rb") as stream:
        piece = stream.read(PIECE)
        while following := stream.read(PIECE):
            yield piece, True
            piece = following
        yield piece, False


def _connected(address: str) -> distributed.Client:
    """Return a client of the cluster, at least one machine of which is there.

    Raises:
        ClusterUnreachable: with what to look at.
    """
    import distributed
    from distributed.versions import VersionMismatchWarning

    todo = (
        "Kiểm tra địa chỉ (dạng tcp://may-chu:8786), mạng, và dask scheduler, dask worker có đang "
        "chạy không; hoặc chạy make không có CLUSTER để dùng máy này."
    )
    try:
        with warnings.catch_warnings():
            # What differs is told below, in words that a planner understands.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            client = distributed.Client(address, timeout=TO_CONNECT, set_as_default=False)
    except Exception as error:  # an address may be wrong, and what listens there, in many ways
        what = f"Không kết nối được với cụm ở {address}: {str(error) or type(error).__name__}."
        raise ClusterUnreachable(f"{what}\n  → {todo}") from error
    try:
        client.wait_for_workers(1, TO_JOIN)
    except Exception as error:
        client.close()
        what = f"Cụm ở {address} không có máy nào đang chạy (dask worker)."
        raise ClusterUnreachable(f"{what}\n  → {todo}") from error
    return client


@contextlib.contextmanager
def open_cluster(address: str, preload: Sequence[str] = ()) -> Iterator[ClusterExecutor]:
    """Open a Dask cluster as the place where tasks are done, and leave nothing running there.

    Args:
        address: Where its scheduler listens: "tcp://host:8786".
        preload: Modules that the template of the notebooks imports once.

    Raises:
        ClusterUnreachable: it does not answer, or has no machines.
        ClusterUnfit: a machine is not like this one, or this one has no `distributed`.
    """
    try:
        import dask
        import distributed  # noqa: F401  # that it is there
    except ImportError:
        raise ClusterUnfit(
            "Máy này chưa có gói distributed để dùng cụm.\n"
            f"  → Chạy qua make để tự cài: make CLUSTER={address}"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.comm.timeouts.connect": TO_CONNECT}):
        client = _connected(address)
        try:
            executor = ClusterExecutor(client, preload)
            try:
                yield executor
            finally:
                executor.shutdown()
        finally:
            client.close()
