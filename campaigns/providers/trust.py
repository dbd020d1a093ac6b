"""Whom a provider's connection trusts: the certificates it accepts, and the hosts that need none."""

import ssl
from ipaddress import ip_address

from campaigns.providers.base import SettingsError


def tls_context(ca_file: str) -> ssl.SSLContext:
    """That of the machine, or of the certificates in `ca_file`. SettingsError when they cannot be read."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as failure:
        raise SettingsError(f"The certificates in “{ca_file}” cannot be read: {failure}.") from failure


def is_loopback(host: str) -> bool:
    """This machine itself, to which a secret may go in the clear."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
