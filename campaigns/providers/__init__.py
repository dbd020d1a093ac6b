"""Ways out. A provider is a module of this package with `from_settings(settings) -> Provider`; see
ADDING.md."""

import re
from collections.abc import Mapping
from importlib import import_module
from typing import cast

from campaigns.providers.base import Provider, SettingsError


def build(name: str, settings: Mapping[str, object]) -> Provider:
    """The provider called `name`, from `campaigns/providers/<name>.py`, which is loaded now and not before:
    an installation needs the libraries of the providers it uses and of no others.

    Raises SettingsError, with a sentence, if there is none of this name or its settings make no sense.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise SettingsError(f"“{name}” is no name of a mail provider.")
    try:
        module = import_module(f"campaigns.providers.{name}")
    except ModuleNotFoundError as missing:
        if missing.name == f"campaigns.providers.{name}":
            raise SettingsError(f"There is no mail provider called “{name}”.") from None
        raise SettingsError(
            f"The mail provider “{name}” needs the library {missing.name}; install it."
        ) from missing
    if not hasattr(module, "from_settings"):
        raise SettingsError(f"There is no mail provider called “{name}”.")
    return cast(Provider, module.from_settings(settings))
