"""The templates that all runs in one process share, started when they are first needed."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Hashable, Mapping

from helpers.runner.warm.template import Template

__all__ = ["PRELOAD_VARIABLE", "close", "shared"]

PRELOAD_VARIABLE = "WARM_PRELOAD"
"""Environment variable with the modules, separated by commas, to import before the first fork."""

READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "DYLD_", "MALLOC_", "OMP_", "OPENBLAS_", "MKL_")
"""How the variables begin that an interpreter, or a library that it loads, reads but once."""

_templates: dict[Hashable, Template] = {}
_starting = threading.Lock()


def shared(environment: Mapping[str, str] | None = None) -> Template:
    """Return this process's template for such variables, started when it is first needed.

    Python reads some variables only as it starts, so kernels that differ in these need another.
    In a process that was itself forked from a template, it is that one.

    Raises:
        NotWarm: no template can be had.
    """
    if Template.here is not None:
        return Template.here
    environment = os.environ if environment is None else environment
    preload = environment.get(PRELOAD_VARIABLE, "")
    read = (item for item in sorted(environment.items()) if item[0].startswith(READ_AT_START))
    key = (os.getpid(), preload, *read)
    with _starting:
        template = _templates.pop(key, None)
        if template is not None and not template.alive():
            template.close()
            template = None
        if template is None:
            modules = [name.strip() for name in preload.split(",") if name.strip()]
            template = Template(modules, environment)
        template.wait()
        _templates[key] = template
    return template


@atexit.register
def close() -> None:
    """End the templates that runs in this process have shared; the next run starts another."""
    with _starting:
        while _templates:
            _templates.popitem()[1].close()
