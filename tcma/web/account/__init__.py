"""Signing in, and what a person says about themselves."""

from tcma.web.account import account, sign_in

ACCOUNT = (account.bp, sign_in.bp)
