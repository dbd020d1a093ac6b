"""The platform's own mails to users: what is told to whom, why, grouped, in their language."""
