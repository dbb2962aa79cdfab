"""The engine that papermill knows as "warm": the stock engine with forked kernels.

    papermill --engine warm notebook.ipynb ran.ipynb

Where a kernel cannot be forked (another system, another language, another Python, threads in the
template) the stock engine runs the notebook, and a line of the log says so.
"""

from __future__ import annotations

import contextlib
import os
import string
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from nbformat.v4 import nbbase
from papermill.engines import NBClientEngine
from papermill.log import logger

from helpers.runner.warm.manager import WarmKernels, WarmManager
from helpers.runner.warm.shared import shared
from helpers.runner.warm.start import Start
from helpers.runner.warm.template import NotWarm

__all__ = ["WarmEngine"]


def _check(node: Any, ref: str | None = None) -> Any:
    """Check a piece of a notebook as nbformat does, unless the whole is checked later."""
    return None if getattr(_later, "whole", False) else _check_now(node, ref)


_check_now = nbbase.validate
nbbase.validate = _check
_later = threading.local()


@contextlib.contextmanager
def _checked_once(notebook: Any) -> Iterator[None]:
    """Have the outputs checked against nbformat's schema together, at the end.

    One by one they take ten times as long: only whole notebooks have a compiled check.
    """
    _later.whole = True
    try:
        yield
    finally:
        _later.whole = False
    cells = [
        {
            **{"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": ""},
            **{"execution_count": None, "outputs": cell.get("outputs", [])},
        }
        for number, cell in enumerate(notebook.cells)
    ]
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _arguments(spec: KernelSpec) -> Sequence[str]:
    """Return what follows the connection file on the kernel's command line.

    Raises:
        NotWarm: the kernel is not this Python's.
    """
    program, *words = spec.argv
    if spec.language.lower() != "python" or words[:2] != ["-m", "ipykernel_launcher"]:
        raise NotWarm(f"kernel “{spec.display_name}” không phải ipykernel")
    if Path(program).name == program:
        same = program in ("python", "python3", f"python3.{sys.version_info[1]}")
    else:
        same = Path(program).absolute() == Path(sys.executable).absolute()
    if not same:
        raise NotWarm(f"kernel “{spec.display_name}” dùng một Python khác ({program})")
    rest = words[2:]
    if "-f" in rest:
        at = rest.index("-f")
        del rest[at : at + 2]
    return rest


class WarmEngine(NBClientEngine):
    """Runs a notebook as the stock engine does, in a kernel forked from a warm template."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run the cells; the arguments are those of the stock engine."""
        run = super().execute_managed_notebook
        if kwargs.get("kernel_manager_class") is not None:
            with _checked_once(nb_man.nb):
                return run(nb_man, kernel_name, **kwargs)
        try:
            manager = cls._manager_class(kernel_name)
            with _checked_once(nb_man.nb):
                return run(nb_man, kernel_name, **{**kwargs, "kernel_manager_class": manager})
        except NotWarm as reason:  # no cell has run yet
            logger.warning(f"Dùng cách chạy gốc của papermill: {reason}.")
            return run(nb_man, kernel_name, **kwargs)

    @classmethod
    def _manager_class(cls, kernel_name: str) -> type[WarmManager]:
        try:
            spec = KernelSpecManager().get_kernel_spec(kernel_name)
        except NoSuchKernel:
            raise NotWarm(f"không có kernel “{kernel_name}”") from None
        arguments = _arguments(spec)
        filled = {
            name: string.Template(value).safe_substitute(os.environ)
            for name, value in spec.env.items()
        }
        environment = {**os.environ, **filled}
        start = Start(environment=environment, arguments=arguments)
        return WarmKernels(shared(environment), start).manager_class()
