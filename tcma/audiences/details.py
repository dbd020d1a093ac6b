"""One person as typed into a form or a command: every field text, checked together."""

import re
from dataclasses import dataclass, fields

from campaigns import people
from campaigns.people import Person, Relation, addresses, meanings, phones
from tcma.errors import Invalid, phrase

_LONGEST = {
    "address": 254,
    "first_name": 80,
    "last_name": 80,
    "title": 120,
    "company": 160,
    "industry": 80,
    "phone": 40,
    "country": 60,
    "language": 60,
    "employees": 40,
    "relation": 20,
}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person; only the address is needed. `relation` is customer, prospect or unknown."""

    address: str
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    company: str = ""
    industry: str = ""
    phone: str = ""
    country: str = ""
    language: str = ""
    employees: str = ""
    relation: str = "unknown"

    def checked(self, home: str, *, known: str = "") -> Person:
        """The person they describe; `home` is the country of national telephone numbers, `known` the address
        the person has already, which is not asked about again.

        Raises Invalid with a sentence for each field that cannot be used.
        """
        given = {item.name: " ".join(getattr(self, item.name).split()) for item in fields(self)}
        problems = dict(_of_texts(given))
        address = addresses.normalise(given["address"])
        if "address" not in problems and address is None:
            problems["address"] = _sentence(addresses.complaint(given["address"])[1])
        elif address is not None and address != known and (doubted := addresses.doubt(address)):
            problems.setdefault("address", _sentence(doubted[1]))
        country = meanings.country(given["country"])
        if given["country"] and not country:
            problems["country"] = phrase("This country is not known. Write its name or its two-letter code.")
        language = meanings.language(given["language"])
        if given["language"] and not language:
            problems["language"] = phrase(
                "This language is not known. Write its name or its two-letter code."
            )
        if given["relation"] not in set(Relation):
            problems["relation"] = phrase("Choose customer, prospect or unknown.")
        if problems or address is None:
            raise Invalid(" ".join(problems.values()), problems)
        band = meanings.employees(given["employees"]) if given["employees"] else meanings.NO_BAND
        return people.Person(
            address=address,
            address_typed=given["address"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            title=given["title"],
            company=given["company"],
            industry=given["industry"],
            phone=phones.normalise(given["phone"], country or home) if given["phone"] else "",
            country=country,
            language=language,
            employees=given["employees"],
            employees_min=band.lowest,
            employees_max=band.highest,
            relation=Relation(given["relation"]),
        )


def _of_texts(given: dict[str, str]) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = []
    for name, text in given.items():
        label = "E-mail address" if name == "address" else name.replace("_", " ").capitalize()
        if len(text) > _LONGEST[name]:
            problems.append(
                (
                    name,
                    phrase(
                        "%(label)s is longer than %(most)s characters. Shorten it.",
                        label=label,
                        most=_LONGEST[name],
                    ),
                )
            )
        elif _CONTROL.search(text):
            problems.append(
                (name, phrase("%(label)s holds characters that cannot be shown. Type it anew.", label=label))
            )
    return problems


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
