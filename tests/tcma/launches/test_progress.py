"""The figures beside a campaign that is being sent."""

from campaigns.providers.memory import Act, MemoryProvider
from tcma.launches.models import Campaign
from tcma.launches.progress import progress_of
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, send


def test_per_minute_counts_what_was_sent_and_not_what_was_tried(databases: Installation) -> None:
    world = a_running_campaign(databases, people=6)

    send(
        databases,
        MemoryProvider([Act.ACCEPT, Act.ACCEPT, Act.REFUSE, Act.REFUSE_ADDRESS, Act.DEFER, Act.DEFER]),
    )

    with databases.worker.reading() as session:
        progress = progress_of(session, session.get_one(Campaign, world.campaign_id))
    assert sum(progress.per_minute) == 2
    assert progress.current is not None and progress.current.waiting == 2
