"""Who did what, ids only, sealed in batches."""
