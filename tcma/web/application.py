"""The Flask application, made for one installation."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tcma.installation import Installation
from tcma.web import errors, frame
from tcma.web.public import PUBLIC
from tcma.web.public.limits import FormLimits

MAX_BODY = 256 * 1024  # prospects' forms; uploads get their own bound


def create_app(installation: Installation) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions["installation"] = installation
    app.extensions["form_limits"] = FormLimits(installation.settings)
    if installation.settings.proxies:
        count = installation.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    for blueprint in PUBLIC:
        app.register_blueprint(blueprint)
    frame.install(app)
    errors.install(app)
    return app
