"""Webinars as they were planned: when, where and how many seats; who has one and who came."""
