"""Reads a contact file, tells its progress and waits for its end: `python -m … FILE URL PARTNER USER LIST`."""

import sys
import time
from pathlib import Path
from uuid import UUID

from tcma.audiences import imports
from tcma.audiences.models import Basis
from tcma.db import Database
from tcma.viewer import OrganisationKind, Role, Viewer
from tests.tcma.audiences.factories import HASH_KEY


def main(path: str, url: str, partner_id: str, user_id: str, list_id: str) -> None:
    viewer = Viewer(
        organisation_id=int(partner_id),
        kind=OrganisationKind.PARTNER,
        organisation_name="Partner",
        user_id=int(user_id),
        roles=frozenset({Role.OWNER}),
    )

    def tell_and_dawdle(done: int) -> None:
        print(done, flush=True)
        time.sleep(0.2)

    with Path(path).open("rb") as file:
        imports.run(
            Database(url, guarded=True),
            viewer,
            UUID(list_id),
            file,
            file_name="people.csv",
            basis=Basis.CUSTOMER,
            hash_key=HASH_KEY,
            progress=tell_and_dawdle,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
