"""events/ and trial.yml: what takes place, or runs, over days that the partner sets."""

from collections.abc import Mapping

from campaigns.kit.fields import Section
from campaigns.kit.materials import AgendaItem, Event, Task, Trial, TrialStep

LONGEST_EVENT = 3 * 24 * 60  # minutes
LONGEST_TRIAL = 180  # days


def read_event(section: Section, files: Mapping[str, bytes]) -> Event:
    event = Event(
        title=section.source("title", most=80),
        description=section.source("description", most=600),
        minutes=section.number("minutes", 15, LONGEST_EVENT),
        agenda=tuple(
            AgendaItem(entry.number("minutes", 1, LONGEST_EVENT), entry.source("title", most=120))
            for entry in section.sections("agenda", most=30)
        ),
        tasks=tuple(
            Task(entry.number("days_before", 0, 365), entry.source("text", most=300))
            for entry in section.sections("tasks", required=False, most=40)
        ),
        seats=section.number("seats", 1, 100_000) if section.has("seats") else None,
    )
    planned = sum(item.minutes for item in event.agenda)
    if event.agenda and planned > event.minutes:
        section.problem(
            f"The agenda takes {planned:,} minutes; the event has {event.minutes:,}. Make them fit.", "agenda"
        )
    return event


def read_trial(section: Section, files: Mapping[str, bytes]) -> Trial:
    trial = Trial(
        title=section.source("title", most=80),
        description=section.source("description", most=600),
        days=section.number("days", 1, LONGEST_TRIAL),
        steps=tuple(
            TrialStep(entry.number("day", 0, LONGEST_TRIAL), entry.source("text", most=300))
            for entry in section.sections("steps", most=20)
        ),
    )
    for step in trial.steps:
        if step.day > trial.days:
            section.problem(
                f"A step is on day {step.day}, after the {trial.days} days of the trial.", "steps"
            )
    return trial
