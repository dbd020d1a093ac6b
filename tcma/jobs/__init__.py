"""One-off work as rows, and the workers that do it."""
