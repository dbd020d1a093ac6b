"""The group of all commands."""

import click

from tcma.cli import (
    audit,
    bench,
    campaign,
    certificate,
    clock,
    contacts,
    demo,
    dev,
    faults,
    fund,
    kit,
    lead,
    ledger,
    migrate,
    outbox,
    partner,
    seed,
    shots,
    user,
    vendor,
)

GROUPS = (
    audit,
    bench,
    campaign,
    certificate,
    clock,
    contacts,
    demo,
    dev,
    faults,
    fund,
    kit,
    lead,
    ledger,
    migrate,
    outbox,
    partner,
    seed,
    user,
    vendor,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tcma", message="tcma %(version)s")
def main() -> None:
    """Through-channel marketing automation: kits, campaigns, money and leads from the command line.

    Commands of a person take --as EMAIL[@ORGANISATION] and see exactly what that person's pages show.
    """


for group in GROUPS:
    main.add_command(group.command)
for command in (shots.shots, shots.axe):
    main.add_command(command)
