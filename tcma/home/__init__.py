"""What is worth a person's time now: tasks in their order, what is put off, counts beside the entries."""
