"""The catalogue: a vendor's kits, their immutable versions, who may see them."""
