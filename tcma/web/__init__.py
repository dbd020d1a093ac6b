"""Pages over the domain: parse, call one deed, answer."""

from tcma.web.application import create_app

__all__ = ["create_app"]
