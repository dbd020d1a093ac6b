"""Whom a message reached: the address it was sent to, which need not be the contact's any more."""

from sqlalchemy import ColumnElement, func

from tcma.audiences.models import Contact
from tcma.launches.deliveries import Delivery


def address_hash() -> ColumnElement[bytes]:
    """The hash of the address the message was last claimed for; the contact's while it never was.

    For statements over Delivery joined to its Contact. What a person does with a mail, and what a provider says
    about it, concerns this address alone.
    """
    return func.coalesce(Delivery.address_hash, Contact.address_hash)
