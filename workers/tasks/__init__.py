"""One line a task: its name, its row, one call."""
