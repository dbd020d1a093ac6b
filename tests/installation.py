"""The installation under test is the product's own."""

from tcma.installation import Installation

__all__ = ["Installation"]
