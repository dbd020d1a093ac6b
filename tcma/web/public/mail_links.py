"""Links that stand in a mail to a prospect."""

from flask import Response

from campaigns.channels.microsite import Message
from campaigns.links import Purpose, Token
from tcma.web import errors, frame


def verified(token: str, *purposes: Purpose) -> Token | Response:
    """The token, or the page for one that is not ours or stands in a test mail: that does nothing."""
    signer = frame.installation().signer
    if signer.verify(token, Purpose.PREVIEW):
        return errors.page(Message.TEST_MAIL, 200)
    found = next(filter(None, (signer.verify(token, purpose) for purpose in purposes)), None)
    return found or errors.page(Message.BAD_LINK, 404)
