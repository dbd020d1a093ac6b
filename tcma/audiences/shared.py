"""What a vendor can read of what a partner does, field by field; a test compares it with the tables.

A vendor reads rows of campaigns run with its kits, of their leads, and of its money. Of contacts, lists, mails
and who clicked what it reads nothing: those tables are the partner's alone.
"""

from dataclasses import dataclass

from tcma.language import mark

AREAS = {
    "campaigns": mark("Campaigns with this vendor's kits"),
    "figures": mark("Totals of each message"),
    "leads": mark("Leads from these campaigns, without names"),
    "people": mark("People who answered a form and were told that the vendor reads it"),
    "money": mark("Money you and this vendor share"),
    "partnership": mark("Your partnership"),
}
LINKS = mark("Besides, the numbers that link these rows to each other. They say nothing about anybody.")


@dataclass(frozen=True, slots=True)
class Shared:
    """Something a vendor can read: in words, and the columns of the table it stands in."""

    area: str
    words: str
    table: str
    columns: tuple[str, ...]


SHARED = (
    Shared("campaigns", mark("Name and address of the campaign's page"), "campaigns", ("name", "slug")),
    Shared(
        "campaigns",
        mark("State, and why it stopped"),
        "campaigns",
        ("status", "stop_reason", "stop_sentence"),
    ),
    Shared(
        "campaigns",
        mark("When it was made, changed, launched, starts and ended, and its time zone"),
        "campaigns",
        ("created_at", "changed_at", "launched_at", "starts_local", "ended_at", "timezone"),
    ),
    Shared(
        "campaigns",
        mark("Languages, your texts, your brand and contact person as printed in it"),
        "campaigns",
        ("locales", "region_values", "partner_brand", "vendor_brand"),
    ),
    Shared(
        "campaigns",
        mark("On which legal basis it writes, whether it is by link only, whether recent readers are spared"),
        "campaigns",
        ("basis", "is_link_only", "leaves_out_recent"),
    ),
    Shared("campaigns", mark("That somebody answers its leads, and since when"), "campaigns", ("answerer_asked_at",)),
    Shared("campaigns", mark("Currency and lines of its cost list"), "campaigns", ("budget_currency",)),
    Shared("campaigns", mark("Currency and lines of its cost list"), "planned_costs", ("position", "name", "amount")),
    Shared("campaigns", mark("How many of your people read the briefing"), "campaigns", ("briefed_count",)),
    Shared(
        "figures",
        mark("Which messages it has, whom they are for, their state and times"),
        "campaign_touches",
        (
            "position", "key", "kind", "name", "status", "due_local", "due_at", "soft_start_size",
            "soft_start_until", "soft_start_passed", "progress_at", "last_out_at", "mark", "finished_at",
            "condition", "counted_from", "is_invitation",
        ),
    ),
    Shared(
        "figures",
        mark("How many people are waiting, sent, delivered, came back, skipped, failed or unknown"),
        "campaign_touches",
        (
            "people_count", "queued_count", "sending_count", "sent_count", "delivered_count", "bounced_count",
            "skipped_count", "failed_count", "unknown_count", "judged_out_count", "judged_bad_count",
        ),
    ),
    Shared(
        "figures",
        mark("How many people clicked, answered, complained and unsubscribed"),
        "campaign_touches",
        (
            "clicked_count", "answered_count", "complained_count", "unsubscribed_count",
            "judged_complained_count",
        ),
    ),
    Shared(
        "leads",
        mark("Stage, grade, source and kind of sale"),
        "leads",
        ("source", "stage", "grade", "sale", "is_returnable", "attribution_rule"),
    ),
    Shared(
        "leads",
        mark("When it came, by what, until when it lives, when it was changed and closed"),
        "leads",
        (
            "first_touch_at", "first_touch_kind", "shelf_life_until", "shelf_life_warn_at",
            "shelf_life_told_at", "clock_from", "clock_until", "comes_back_at", "expected_on", "created_at",
            "updated_at", "closed_at",
        ),
    ),
    Shared(
        "leads",
        mark("Which kinds of messages led to it, and how often"),
        "lead_steps",
        ("position", "kind", "touch_name", "count", "first_of_person", "at"),
    ),
    Shared(
        "leads",
        mark("From which stage to which it moved, when, and the reason you gave"),
        "lead_transitions",
        ("from_stage", "to_stage", "deed", "reason", "before", "at"),
    ),
    Shared(
        "leads",
        mark("By when it has to be answered"),
        "lead_clocks",
        ("kind", "started_at", "due_at", "warn_at", "met_at", "dropped_at"),
    ),
    Shared(
        "leads",
        mark("What you sold of this vendor's products; never the whole deal"),
        "lead_amounts",
        ("kind", "product", "amount", "currency", "at"),
    ),
    Shared(
        "people",
        mark("Name, address and phone as the person typed them"),
        "lead_people",
        ("address", "name", "phone", "disclosed_at", "created_at"),
    ),
    Shared(
        "people",
        mark("The answers in the form and the boxes ticked"),
        "lead_answers",
        ("page", "fields", "consents", "disclosed_at", "created_at"),
    ),
    Shared(
        "people",
        mark("What you found out about need, budget, influence and time, where you share it"),
        "lead_findings",
        ("question", "finding", "horizon", "evidence", "found_on", "disclosed_at", "at"),
    ),
    Shared(
        "people",
        mark("Notes that you share"),
        "lead_notes",
        ("kind", "text", "disclosed_at", "at"),
    ),
    Shared(
        "money",
        mark("What you asked for and why, questions and answers, the decision and its terms"),
        "funding_requests",
        (
            "activity", "amount", "currency", "why", "expected_leads", "starts_on", "why_not", "question",
            "answer", "status", "terms_version", "terms_text", "created_at", "submitted_at", "decided_by_rule",
            "decided_at", "decline_reason",
        ),
    ),
    Shared(
        "money",
        mark("Files you attach to a request"),
        "funding_request_files",
        ("name", "content_type", "size", "sha256", "created_at"),
    ),
    Shared(
        "money",
        mark("Certificates: amount, share, state, dates and terms"),
        "certificates",
        (
            "code", "status", "amount", "currency", "share_bp", "valid_until_on", "settle_by_on",
            "terms_version", "terms_text", "accepted_at", "created_at", "ended_reason",
        ),
    ),
    Shared(
        "money",
        mark("What a campaign cost: units, price and shares"),
        "cost_lines",
        (
            "currency", "price", "share_bp", "status", "planned_units", "reserved_amount", "units",
            "cost_amount", "vendor_amount", "settle_at", "revision",
        ),
    ),
    Shared(
        "partnership",
        mark("State, tier and since when, until when you are ready for marketing"),
        "partnerships",
        ("status", "tier", "marketing_ready_until_on", "invited_at", "activated_at"),
    ),
)  # fmt: skip
