"""Seats of a webinar: registering, service mails, joining, and who came."""
