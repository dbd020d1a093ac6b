"""What comes back to a mail: who wrote, what of it is their own words, and whether a person or a machine did."""

from campaigns.replies.address import address_of, token_in
from campaigns.replies.model import Kind, Reply, UnreadableMail
from campaigns.replies.reading import LARGEST, read

__all__ = ["LARGEST", "Kind", "Reply", "UnreadableMail", "address_of", "read", "token_in"]
