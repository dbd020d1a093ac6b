"""The worked example of the rules of the money, line by line."""

from tcma.funds import lines, service
from tcma.funds.issuing import Terms
from tests.tcma.funds.scene import Scene, last_posting, moved


def test_one_funded_campaign_posts_as_the_worked_example_says(scenes: Scene) -> None:
    scenes.price()
    fund = scenes.fund(amount=0)

    with scenes.as_vendor() as session:
        posting = service.allocate(session, scenes.vendor, fund.public_id, 1_000_000)
        assert moved(session, posting) == {"allocated": -1_000_000, "free": +1_000_000}

    with scenes.as_vendor() as session:
        partner_id = scenes.partner.organisation_id
        certificate = service.grant(
            session, scenes.vendor, fund.public_id, partner_id, Terms(40_000, share_bp=5_000)
        )
        assert moved(session, last_posting(session)) == {"free": -40_000, "issued": +40_000}

    with scenes.as_partner() as session:
        service.accept(session, scenes.partner, certificate.public_id, terms_version="1")
    line_id = scenes.line(units=1_000)
    with scenes.as_worker() as session:
        assert moved(session, last_posting(session)) == {"issued": -5_000, "reserved": +5_000}

    with scenes.as_worker() as session:
        lines.count(session, line_id, 64)
        assert moved(session, last_posting(session)) == {
            "reserved": -320,
            "captured": +320,
            "vendor_due": +320,
            "share_due": +320,
            "platform_income": -640,
        }

    with scenes.as_worker() as session:
        lines.count(session, line_id, 63)
        assert moved(session, last_posting(session)) == {
            "captured": -5,
            "reserved": +5,
            "vendor_due": -5,
            "share_due": -5,
            "platform_income": +10,
        }

    with scenes.as_worker() as session:
        lines.release(session, line_id)
        assert moved(session, last_posting(session)) == {"reserved": -4_685, "issued": +4_685}

    scenes.advance(days=8)
    with scenes.as_worker() as session:
        assert lines.due_lines(session) == [line_id]
        lines.settle(session, line_id)
        assert moved(session, last_posting(session)) == {"captured": -315, "paid": +315}

    assert scenes.balances() == {
        f"fund:{fund.id}:allocated": -1_000_000,
        f"fund:{fund.id}:free": 960_000,
        f"certificate:{certificate.id}:issued": 39_685,
        f"certificate:{certificate.id}:paid": 315,
        f"fund:{fund.id}:vendor_due": 315,
        f"partner:{partner_id}:share_due:CHF": 315,
        f"fund:{fund.id}:platform_income": -630,
    }
    assert scenes.prove() == []
