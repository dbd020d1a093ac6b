"""Who, when, whether and how much: the platform around `campaigns`."""
