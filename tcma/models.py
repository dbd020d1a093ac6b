"""Every model, imported once, so that the metadata is complete; every lifecycle, by its noun."""

from collections.abc import Mapping
from typing import Any

from tcma.audiences import marks, preference_models, suppression_models
from tcma.audiences import models as audiences
from tcma.audit import models as audit
from tcma.clock import ClockOffset
from tcma.companies import models as companies
from tcma.db import Base
from tcma.funds import accounts, codes, elsewhere_models, papers
from tcma.funds import models as funds
from tcma.home import models as home
from tcma.jobs import models as jobs
from tcma.kits import models as kits
from tcma.launches import briefings, deliveries, planned_costs, provider_reports
from tcma.launches import models as launches
from tcma.leads import dealings
from tcma.leads import models as leads
from tcma.notices import models as notices
from tcma.organisations import models as organisations
from tcma.partners import models as partners
from tcma.replies import models as replies
from tcma.webinars import models as webinars

metadata = Base.metadata

MODULES = (
    accounts,
    audiences,
    audit,
    briefings,
    codes,
    companies,
    dealings,
    deliveries,
    elsewhere_models,
    funds,
    home,
    jobs,
    kits,
    launches,
    leads,
    marks,
    notices,
    organisations,
    papers,
    partners,
    planned_costs,
    preference_models,
    provider_reports,
    replies,
    suppression_models,
    webinars,
    ClockOffset,
)

LIFECYCLES: Mapping[str, Mapping[Any, Any]] = {
    "Partnership": partners.NEXT,
    "Sending domain": partners.SENDER_NEXT,
    "Kit version": kits.NEXT,
    "Campaign": launches.CAMPAIGN_NEXT,
    "Campaign touch": launches.TOUCH_NEXT,
    "Delivery": deliveries.DELIVERY_NEXT,
    "Funding request": funds.REQUEST_NEXT,
    "Certificate": funds.CERTIFICATE_NEXT,
    "Cost line": funds.LINE_NEXT,
    "Money from elsewhere": elsewhere_models.ELSEWHERE_NEXT,
    "Lead": leads.STAGE_NEXT,
    "Platform message": notices.MESSAGE_NEXT,
    "Contact import": audiences.IMPORT_NEXT,
    "Webinar seat": webinars.SEAT_NEXT,
}
