"""Webinars: the day and hour a partner set, said in the reader's zone; reminders; the calendar file."""

from campaigns.webinar.calendar_file import Entry, Invitation, Method, calendar_file, is_mailbox
from campaigns.webinar.sessions import Session, names, reminders

__all__ = ["Entry", "Invitation", "Method", "Session", "calendar_file", "is_mailbox", "names", "reminders"]
