"""A form pressed twice does its deed once: the second press gets the answer of the first."""

import secrets
import time

from flask import Response, g, request
from werkzeug.exceptions import BadRequest

from tcma.errors import Conflict, phrase
from tcma.organisations import pressed_forms
from tcma.web import frame, unit
from tcma.web.pages import see_other

FIELD = "request_key"
WAIT = 5.0  # seconds a second press waits for the first
STEP = 0.1


def new_key() -> str:
    """For the hidden field of one form on one page."""
    return secrets.token_urlsafe(18)


def first_press() -> Response | None:
    """None where this press is the first; otherwise the first one's answer. BadRequest without a key."""
    key = request.form.get(FIELD, "")
    if not pressed_forms.is_key(key):
        raise BadRequest("The form carries no request key.")
    web, person = frame.installation().web, unit.user().id
    end = time.monotonic() + WAIT
    while True:
        with web.transaction() as session:
            if pressed_forms.claim(session, person, key):
                g.pressed = key
                return None
        with web.reading() as session:
            found = pressed_forms.find(session, person, key)
        if found is not None and found.answer is not None:
            return see_other(found.answer)
        if time.monotonic() > end:
            raise Conflict(phrase("This was sent already and is still under way. Look again in a moment."))
        time.sleep(STEP)


def remember(answer: Response) -> Response:
    """Keep where the first press was sent on to; a form that comes back with problems may be sent again."""
    key = g.pop("pressed", None)
    if key is not None:
        person = unit.user().id
        with frame.installation().web.transaction() as session:
            if answer.status_code == 303:
                pressed_forms.keep(session, person, key, answer.headers["Location"])
            else:
                pressed_forms.release(session, person, key)
    return answer
