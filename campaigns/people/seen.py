"""Which addresses stood in a file already, for a million of them in 16 MB."""

from array import array
from hashlib import blake2b

LEAST = 1 << 12
FULL = 0.6  # of the places, from which on there are twice as many


class Seen:
    """64 bits of a digest stand for an address, so of a million different ones two are taken for one in one of some
    forty million files. A set of Python's takes eight times the memory."""

    def __init__(self) -> None:
        self._places = array("Q", bytes(8 * LEAST))
        self._mask = LEAST - 1
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, address: str) -> bool:
        """Take note of an address; False where it was there before."""
        digest = (
            int.from_bytes(blake2b(address.encode(), digest_size=8).digest(), "little") or 1
        )  # 0 is an empty place
        places, mask = self._places, self._mask
        at = digest & mask
        while found := places[at]:
            if found == digest:
                return False
            at = (at + 1) & mask
        places[at] = digest
        self._count += 1
        if self._count > mask * FULL:
            self._grow()
        return True

    def _grow(self) -> None:
        before, size = self._places, 2 * len(self._places)
        places, mask = array("Q", bytes(8)) * size, size - 1
        for digest in before:
            if digest:
                at = digest & mask
                while places[at]:
                    at = (at + 1) & mask
                places[at] = digest
        self._places, self._mask = places, mask
