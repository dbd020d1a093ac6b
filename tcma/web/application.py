"""The Flask application, made for one installation."""

from types import TracebackType

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from tcma.installation import Installation
from tcma.web import errors, frame, guards, shell, templating
from tcma.web.account import ACCOUNT
from tcma.web.account.limits import SignInLimits
from tcma.web.admin import ADMIN, OPEN
from tcma.web.partner import PARTNER
from tcma.web.public import PUBLIC
from tcma.web.public.limits import FormLimits

MAX_BODY = 256 * 1024  # prospects' forms; uploads get their own bound

log = structlog.get_logger()


class Slug(BaseConverter):
    """The name of a partner or campaign in an address; anything else leads nowhere and asks no database."""

    regex = r"[a-z0-9-]{1,80}"


class Web(Flask):
    jinja_options = templating.OPTIONS

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        """A bug, with the view's name in place of the address: addresses carry tokens."""
        log.error("page failed", view=request.endpoint, exc_info=exc_info)


def create_app(installation: Installation) -> Flask:
    app = Web(__name__, static_folder=None, template_folder=str(templating.TEMPLATES))
    app.url_map.converters["slug"] = Slug
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    open_at(app, installation)
    guards.install(app)
    shell.install(app)
    frame.install(app)
    errors.install(app)
    templating.install(app)
    admin = ADMIN if installation.settings.production else OPEN
    for blueprint in (*PUBLIC, *ACCOUNT, *PARTNER, *admin):
        app.register_blueprint(blueprint)
    return app


def open_at(app: Flask, installation: Installation) -> None:
    """What an application has of its installation; routes and templates are the same everywhere."""
    settings = installation.settings
    app.extensions["installation"] = installation
    app.extensions["form_limits"] = FormLimits(settings)
    app.extensions["sign_in_limits"] = SignInLimits(settings)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    guards.configure(app)
