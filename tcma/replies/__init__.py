"""What people write back: kept as it came, read by a worker, passed on, and a lead in one tap."""
