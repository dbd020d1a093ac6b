"""Who, when, whether and how much: the platform around `campaigns`."""

import gc

# Two thousand modules are loaded and stay. Python's own thresholds look through all of them for garbage a hundred
# times meanwhile, which is a fifth of the time that a command takes to start.
gc.set_threshold(50_000, 20, 50)
