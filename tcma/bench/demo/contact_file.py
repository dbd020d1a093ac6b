"""A contact file as it comes from a small firm's other tool: 5,000 rows, German columns, Windows-1252,
semicolons, and every mistake people make. Which rows are good is known beforehand, and who reads which language."""

import random
from collections import Counter
from dataclasses import dataclass, field

COLUMNS = ("Firma", "Mitarbeiter", "Nachname", "E-Mail-Adresse", "Vorname", "Telefon", "Sprache")
FIRST = "Anna Jörg Zoë Bruno Elif François Greta Hugo Irène Jürgen Katja Léon Mara Nils Olga Päivi".split()
LAST = (
    "Meier Müller Größl Rossi Weber Kaya Lang Petit Novak Berg Brandt Okafor Silva Wolf Frey Ångström".split()
)
PEOPLE_PER_COMPANY = 2
LANGUAGES = ("de", "en", "")


@dataclass
class ContactFile:
    content: bytes
    ready: dict[str, str] = field(default_factory=dict)  # normalised address -> company
    languages: dict[str, str] = field(default_factory=dict)  # "" where the file does not say
    skipped: Counter[str] = field(default_factory=Counter)


def make(rows: int, seed: int, languages: tuple[str, ...] = LANGUAGES, first: int = 0) -> ContactFile:
    """`rows` data rows below the header; about one in twenty has a mistake. The first person has the number
    `first`, an even one, so that two files have nobody in common."""
    chance = random.Random(seed)
    made = ContactFile(b"")
    lines = [";".join(COLUMNS)]
    person = first
    for row in range(rows):
        mistake = row % 20 == 7 and row > 40
        if mistake:
            lines.append(_mistaken(made, chance, row))
            continue
        lines.append(_good(made, chance, person, languages))
        person += 1
    made.content = "\r\n".join([*lines, ""]).encode("cp1252")
    return made


def _good(made: ContactFile, chance: random.Random, person: int, languages: tuple[str, ...]) -> str:
    number = person // PEOPLE_PER_COMPANY
    first, last = chance.choice(FIRST), chance.choice(LAST)
    company = f"Betrieb {number} & Söhne AG"
    address = f"kontakt{person}@betrieb-{number}.example"
    made.ready[address] = company
    typed = address
    if person % 9 == 4:
        typed = address.replace("kontakt", "Kontakt").replace(
            "betrieb", "Betrieb"
        )  # kept as typed, matched lower
    if person % 50 == 11:
        typed = f"{first} {last} <{address}>"
    name = f'"{company}"' if person % 3 else f'"{company.replace(" &", ", Bau &")}"'
    if person % 3 == 0:
        made.ready[address] = company.replace(" &", ", Bau &")
    staff = chance.choice(["12", "8", "1'200", "50-249", "unter 10", "35"])
    phone = f"044 555 {chance.randint(10, 99)} {chance.randint(10, 99)}"
    made.languages[address] = language = chance.choice(languages)
    return ";".join((name, staff, last, typed, first, phone, language))


def _mistaken(made: ContactFile, chance: random.Random, row: int) -> str:
    kind = row // 20 % 5
    known = chance.choice(list(made.ready))
    if kind == 0:
        made.skipped["twice"] += 1
        return f"Betrieb;10;Meier;{known.upper()};Anna;;de"
    if kind == 1:
        made.skipped["no_address"] += 1
        return "Betrieb ohne Adresse;10;Meier;;Anna;;de"
    if kind == 2:
        made.skipped["incomplete_address"] += 1
        return f"Betrieb {row};10;Meier;anna.meier@betrieb;Anna;;de"
    if kind == 3:
        made.skipped["wrong_columns"] += 1
        return f"Betrieb {row};10;Meier"
    made.skipped["incomplete_address"] += 1
    return f"Betrieb {row};10;Meier;anna.meier;Anna;;de"
