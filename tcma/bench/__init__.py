"""Benchmarks, fault runs and the demo, with the sinks and fakes they need. Never imported by the product."""
