"""What the tasks of replies call."""

from tcma.replies import forgetting, intake, taking
from workers.runtime import Runtime


def take(current: Runtime, mail_id: int) -> None:
    taking.take(current.database, current.storage, current.settings.hash_key, mail_id)


def ask_again(current: Runtime) -> None:
    intake.ask_again(current.database)


def forget_person(current: Runtime, contact_id: int) -> None:
    forgetting.forget_person(current.database, current.storage, contact_id)
