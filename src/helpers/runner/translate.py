"""Write injected parameters as a planner would: "Kỳ Sơn" stays readable."""

from __future__ import annotations

import json
from collections.abc import Mapping

from papermill.translators import PythonTranslator, papermill_translators

__all__ = ["ReadableTranslator", "register"]


class ReadableTranslator(PythonTranslator):
    """Papermill's Python translator, with text left as it is, not escaped."""

    @classmethod
    def translate_escaped_str(cls, str_val: object) -> str:
        """Return a Python literal of the text; JSON's escapes all mean the same in Python."""
        return json.dumps(str(str_val), ensure_ascii=False)

    @classmethod
    def codify(cls, parameters: Mapping[str, object], comment: str = "") -> str:
        """Return the injected cell; its comment says who wrote it."""
        lines = [cls.assign(name, cls.translate(value)) for name, value in parameters.items()]
        return "\n".join([cls.comment("Tham số của lần chạy này"), *lines])


def register() -> None:
    """Make papermill use this translator for Python notebooks."""
    papermill_translators.register("python", ReadableTranslator)
