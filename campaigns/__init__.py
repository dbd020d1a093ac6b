"""How campaigns are made: kits, co-branding, messages and pages. Knows nothing of who, when or how much."""
