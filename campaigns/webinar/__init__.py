"""Webinars: the day and hour a partner set, said in the reader's zone; reminders; the calendar file."""

from campaigns.webinar.calendar_file import Entry, Method, calendar_file
from campaigns.webinar.sessions import Session, names, reminders

__all__ = ["Entry", "Method", "Session", "calendar_file", "names", "reminders"]
