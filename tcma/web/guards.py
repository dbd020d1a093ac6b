"""Who may open a route, said beside it. A route that says nothing is open to nobody and fails the build."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException

from campaigns.links import Purpose
from tcma.errors import NotFound, Refused, phrase
from tcma.language import gettext, use
from tcma.organisations import team
from tcma.organisations.queries import Place
from tcma.viewer import OrganisationKind, Role
from tcma.web import choices, frame, pressed, unit
from tcma.web.pages import see_other

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    ANYBODY = "anybody"  # says nothing about anybody
    CAMPAIGN = "campaign"  # the page of an open campaign, by its address
    TOKEN = "token"  # whoever holds a token of one purpose
    SIGNED = "signed"  # a machine whose signature fits, which the view checks
    DOOR = "door"  # the way in: open to strangers, with forms of our own pages only
    PERSON = "person"  # whoever is signed in, about themselves
    MEMBER = "member"  # people of the organisation in the address
    OPERATOR = "operator"  # people who run the installation


WAS_IN = "was_in"  # in the cookie of somebody whose sign-in is over, until the next sign-in page
SIGNED_IN = frozenset({Access.PERSON, Access.MEMBER, Access.OPERATOR})
_SLUGS = {OrganisationKind.PARTNER: "partner", OrganisationKind.VENDOR: "vendor"}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Guard:
    """`roles` empty means any member; an owner always may. `upload` is the largest body in bytes."""

    access: Access
    purpose: Purpose | None = None
    kind: OrganisationKind | None = None
    roles: frozenset[Role] = frozenset()
    upload: int = 0

    @property
    def slug(self) -> str | None:
        """The part of the address that names the organisation."""
        return _SLUGS[self.kind] if self.access is Access.MEMBER and self.kind else None


def guard(
    access: Access,
    purpose: Purpose | None = None,
    *,
    kind: OrganisationKind | None = None,
    roles: Iterable[Role] = (),
    upload: int = 0,
) -> Callable[[View], View]:
    """Declare a view's guard. Whoever is signed in is checked here; campaigns and tokens by the view itself."""
    if (access is Access.MEMBER) != (kind is not None):
        raise ValueError("Members, and only they, belong to a kind of organisation.")

    def declare(view: View) -> View:
        view.__guard__ = Guard(access, purpose, kind, frozenset(roles), upload)  # type: ignore[attr-defined]
        return view

    return declare


def declared(view: Callable[..., Any]) -> Guard | None:
    found = getattr(view, "__guard__", None)
    return found if isinstance(found, Guard) else None


def may_open(address: str, method: str = "GET") -> bool:
    """Whether the reader's roles let them take the route at `address`: pages show no door that is shut.

    What is no route of ours, or of another organisation, is not decided here.
    """
    known = unit.somebody()
    if known is None or known.place is None or not address.startswith("/"):
        return True
    try:
        endpoint, arguments = current_app.create_url_adapter(request).match(  # type: ignore[union-attr]
            urlsplit(address).path, method=method
        )
    except HTTPException:
        return True
    found = declared(current_app.view_functions[endpoint])
    if found is None or not found.roles or arguments.get(found.slug or "") != known.place.organisation.slug:
        return True
    return _fits(found, known.place)


def configure(app: Flask) -> None:
    """Cookies and their key, as the installation's settings say."""
    settings = frame.installation_of(app).settings
    secure = settings.base_url.startswith("https://")
    app.secret_key = settings.session_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-tcma" if secure else "tcma",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=int(settings.session_age),
        WTF_CSRF_CHECK_DEFAULT=False,  # prospects' forms carry a signed token of their own
        WTF_CSRF_TIME_LIMIT=None,  # as long as the cookie
        WTF_CSRF_SSL_STRICT=False,  # some browsers send no referrer
    )


def install(app: Flask) -> None:
    """Forgery, and the one hook that lets people in."""
    forgery = CSRFProtect(app)
    app.jinja_env.globals["request_key"] = pressed.new_key
    app.jinja_env.globals["may_open"] = may_open

    @app.before_request
    def admit() -> Response | None:
        if request.endpoint is None:
            if instead := _without_slash():
                return see_other(instead)
            g.signed_in = unit.look_up(None)  # for the page that says so
            return None
        found = declared(app.view_functions[request.endpoint])
        if found is None:
            raise RuntimeError(f"{request.endpoint} declares no guard.")
        if found.upload:
            request.max_content_length = found.upload
        if found.access in SIGNED_IN or found.access is Access.DOOR:
            refused = _signed_in(found)
            if refused is not None:
                return refused
            if request.method not in _SAFE:
                forgery.protect()
                if found.access in SIGNED_IN:
                    return pressed.first_press()
        return None

    @app.after_request
    def remember(answer: Response) -> Response:
        return pressed.remember(answer)

    @app.url_defaults
    def same_organisation(endpoint: str, values: dict[str, Any]) -> None:
        """Addresses of the organisation one is in need not name it."""
        known = unit.somebody()
        if known is None or known.place is None:
            return
        name = _SLUGS.get(known.place.organisation.kind)
        if name and name not in values and app.url_map.is_endpoint_expecting(endpoint, name):
            values[name] = known.place.organisation.slug


def _without_slash() -> str:
    """The address of a page that was asked for with a slash too many; empty for any other."""
    path = request.path.rstrip("/")
    if request.method not in _SAFE or path == request.path or not path or "//" in path:
        return ""
    try:
        current_app.create_url_adapter(request).match(path)  # type: ignore[union-attr]
    except HTTPException:
        return ""
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def _signed_in(found: Guard) -> Response | None:
    """Load who is there and compare with what the route asks for; the answer that ends the request, if any."""
    arguments = request.view_args or {}
    slug = arguments.pop(found.slug, None) if found.slug else None
    known = unit.look_up(slug, operator=found.access is Access.OPERATOR)
    g.signed_in = known
    use(known.user.locale if known else frame.language())
    if found.access is Access.DOOR:
        return None
    if known is None:
        if cookie.pop(unit.KEY, None):
            cookie[WAS_IN] = True
        return _to_the_door()
    if found.access is Access.PERSON:
        return None
    if known.place is None or (found.kind and known.place.organisation.kind is not found.kind):
        raise NotFound(phrase("There is no page here."))
    if not _fits(found, known.place):
        raise _refused(found)
    return None


def _fits(found: Guard, place: Place) -> bool:
    return not found.roles or bool(place.roles & {Role.OWNER, *found.roles})


def _refused(found: Guard) -> Refused:
    """Says which roles may, and whom to ask."""
    with unit.reading() as session:
        people = team.team_of(session, unit.viewer())
    owners = [member.user.name for member in people if Role.OWNER in member.roles]
    wanted = choices.role_names(found.roles | {Role.OWNER})
    return Refused(
        gettext(
            "Your role does not include this; roles that do: %(roles)s. Ask %(owners)s.",
            roles=", ".join(wanted),
            owners=", ".join(owners),
        )
    )


def _to_the_door() -> Response:
    """Sign in, then come back; after a form, to the page it was on."""
    if request.headers.get("HX-Request"):
        answer = Response(status=401)
        answer.headers["HX-Redirect"] = _door(_path_of(request.headers.get("HX-Current-URL")))
        return answer
    back = request.full_path.rstrip("?") if request.method in _SAFE else _path_of(request.referrer)
    return see_other(_door(back))


def _door(back: str) -> str:
    return f"/sign-in?{urlencode({'next': back})}" if back not in {"", "/"} else "/sign-in"


def _path_of(address: str | None) -> str:
    """Path and query of an address of this site; empty for any other."""
    parts = urlsplit(address or "")
    if parts.netloc != request.host:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
