"""Signing in, and what a person says about themselves."""

from tcma.web.account import account, addresses, front, invitation, look, notices, sign_in, sign_ins

ACCOUNT = (account.bp, addresses.bp, front.bp, invitation.bp, look.bp, notices.bp, sign_in.bp, sign_ins.bp)
