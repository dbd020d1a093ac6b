"""What every answer shares: the nonce, the headers, the addresses of files."""

import secrets
from collections.abc import Callable
from typing import cast

from flask import Flask, Response, current_app, g, request

from campaigns.channels import microsite
from campaigns.channels.email import picture_name
from campaigns.kit import Kit
from tcma import addresses
from tcma.installation import Installation
from tcma.web import assets

LANGUAGES = ("en", "de")


def installation() -> Installation:
    return cast(Installation, current_app.extensions["installation"])


def installation_of(app: Flask) -> Installation:
    """The installation behind an application that answers nobody yet."""
    return cast(Installation, app.extensions["installation"])


def nonce() -> str:
    """One per answer; only style blocks that carry it are used by the browser."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def language() -> str:
    """For pages that belong to no campaign: what the visitor's browser asks for."""
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def asset(path: str) -> str:
    """The address of a file under assets/, with its content's hash so that it may be kept for a year."""
    return f"/assets/{path}?v={assets.fingerprint(path)}"


def page_frame(kit_picture: Callable[[str], str] | None = None) -> microsite.Frame:
    return microsite.Frame(
        nonce=nonce(), asset=asset, picture=kit_picture or _no_picture, stored=_stored, preview=False
    )


def kit_picture(kit: Kit) -> Callable[[str], str]:
    """The public address of a kit's picture by its path."""

    def address(path: str) -> str:
        return _stored(picture_name(kit.files[path], path))

    return address


def html(text: str, status: int = 200) -> Response:
    """A page. None is kept by a browser: it carries a form's token or is about a person."""
    answer = Response(text, status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def install(app: Flask) -> None:
    @app.after_request
    def protect(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", policy())
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        answer.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.is_secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return answer


def policy() -> str:
    """What a browser may load for this answer. Only pages of the app (`allow_scripts`) run scripts of ours."""
    own = (
        f"script-src 'nonce-{nonce()}'; style-src 'nonce-{nonce()}'; connect-src 'self'; frame-src 'self'; "
        "manifest-src 'self'; "
        if g.get("scripts")
        else f"style-src 'nonce-{nonce()}'; "
    )
    return (
        f"default-src 'none'; {own}img-src 'self' data:; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def allow_scripts() -> None:
    """Say that this answer is a page of the app."""
    g.scripts = True


def _stored(name: str) -> str:
    sha256, _, extension = name.partition(".")
    return addresses.picture(sha256, extension)


def _no_picture(path: str) -> str:
    raise LookupError(f"A page without a kit shows no picture of one: {path}")
