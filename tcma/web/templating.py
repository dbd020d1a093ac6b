"""Jinja as pages use it: escaping everywhere, nothing undefined, the language, the filters, the components."""

import re
import secrets
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Environment, StrictUndefined
from jinja2.bccache import Bucket

from tcma import language
from tcma.config import ROOT
from tcma.web import formats, frame

TEMPLATES = ROOT / "templates"


class Compiled(BytecodeCache):
    """Templates are compiled once per process, however many applications it makes."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


OPTIONS: dict[str, Any] = {
    "undefined": StrictUndefined,
    "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "bytecode_cache": Compiled(),
}


class Components:
    """`ui.button(…)` in a template is the macro `button`, in whichever file of templates/components it is."""

    def __init__(self, jinja: Environment) -> None:
        self._jinja = jinja
        self._files: dict[str, str] = {}
        for path in sorted((TEMPLATES / "components").glob("*.html")):
            name = f"components/{path.name}"
            module = jinja.get_template(name).module
            for macro in vars(module):
                if not macro.startswith("_") and callable(getattr(module, macro)):
                    if macro in self._files:
                        raise ValueError(f"{name} and {self._files[macro]} both have a macro {macro}.")
                    self._files[macro] = name

    def __getattr__(self, macro: str) -> Any:
        if macro.startswith("_") or macro not in self._files:
            raise AttributeError(f"There is no component {macro}.")
        return getattr(self._jinja.get_template(self._files[macro]).module, macro)

    def names(self) -> dict[str, str]:
        """Every macro and the file it is in."""
        return dict(self._files)


def install(app: Flask) -> None:
    jinja = app.jinja_env
    jinja.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: language.translations(language.current()).gettext(text),
        ngettext=lambda one, many, count: language.translations(language.current()).ngettext(
            one, many, count
        ),
        newstyle=True,
        pgettext=lambda context, text: language.translations(language.current()).pgettext(context, text),
    )
    jinja.filters.update(formats.FILTERS)
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.filters.update(initials=initials, slug=slug, spoken=language.spoken)
    jinja.globals.update(asset=frame.asset, nonce=frame.nonce, request_key=request_key)
    jinja.globals["ui"] = Components(jinja)


def initials(name: str) -> str:
    """Two letters at most that decorate a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def slug(text: str) -> str:
    """A heading as the id of its section."""
    return re.sub(r"\W+", "-", text.lower()).strip("-") or "part"


def request_key() -> str:
    """One per form: pressed twice, it is done once."""
    return secrets.token_urlsafe(16)
