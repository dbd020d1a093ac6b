"""Legal bases: what a partner states by choosing one, and where business contacts may be written to."""

from campaigns import people
from tcma.audiences.models import Basis

# What the person who chooses reads; kept with the import as it was read.
WORDING = {
    Basis.CUSTOMER: "They are my customers: they bought something similar from us and could say no to mail.",
    Basis.AGREED: "They agreed to get mail from me.",
    Basis.BUSINESS: "They are business contacts, where the law allows to write to them about their work.",
    Basis.NOT_SURE: "I am not sure. They get no mail.",
}
BY_COLUMN = (
    "A column of the file says for each person why I may write to them; where it says nothing, I am not sure."
)

OF_COLUMN = {
    people.Basis.CUSTOMER: Basis.CUSTOMER,
    people.Basis.AGREED: Basis.AGREED,
    people.Basis.BUSINESS_CONTACT: Basis.BUSINESS,
    people.Basis.NOT_SURE: Basis.NOT_SURE,
}

# Countries whose law lets a firm write to a person at work without asking first, as long as the person can
# say no. A country that is not here, or not known, does not. The operator's counsel confirms this list.
BUSINESS_CONTACT_ALLOWED = {
    "FI": "Act on Electronic Communications Services (917/2014) § 202: legal persons until they object",
    "FR": "Code des postes et des communications électroniques L34-5: about the profession (CNIL)",
    "GB": "Privacy and Electronic Communications Regulations 2003, reg. 22: individual subscribers only",
    "IE": "S.I. 336/2011, reg. 13: business addresses until they object",
    "SE": "Marknadsföringslag (2008:486) § 19: natural persons only",
    "US": "CAN-SPAM Act, 15 U.S.C. § 7704: allowed until the person objects",
}
