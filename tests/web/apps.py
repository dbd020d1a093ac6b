"""The application for many installations in one process.

To register the routes and compile the templates costs more than most tests; both are the same for every
installation. So they are made once, and each installation gets a copy with its own settings and limits.
"""

from copy import copy

from flask import Flask

from tcma.installation import Installation
from tcma.web import create_app
from tcma.web.application import open_at

_first: dict[bool, Flask] = {}


def app_of(installation: Installation) -> Flask:
    """As `create_app(installation)`."""
    production = installation.settings.production  # which has fewer routes
    if production not in _first:
        _first[production] = create_app(installation)
    app = copy(_first[production])
    app.__dict__.pop("wsgi_app", None)
    app.config, app.view_functions = copy(app.config), dict(app.view_functions)
    app.extensions = dict(app.extensions)
    open_at(app, installation)
    return app
