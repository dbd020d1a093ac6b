"""The product in a real browser: pictures of every page, and what can be checked on each by a program.

Needs Playwright and Chromium, which only the tests' requirements bring; nothing else of the product imports this.
"""
