"""What prospects open, without sign-in: pages of campaigns, links of mails, pictures."""

from tcma.web.public import confirm, files, links, microsite, platform, unsubscribe

PUBLIC = (confirm.bp, files.bp, links.bp, microsite.bp, platform.bp, unsubscribe.bp)
