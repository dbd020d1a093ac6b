"""What is known about a person in a contact file, and what is said about a row that cannot be used."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

MAX_CELL = 500  # characters of a cell that is used
MAX_ROW = 32_768  # characters of a row
MAX_COLUMNS = 200


class Field(StrEnum):
    """What a column can mean. `OTHER_ADDRESS` is read where the first address of a row is missing or wrong;
    `EXTRA` keeps a column under its own name; a column without a field is not read."""

    ADDRESS = "address"
    OTHER_ADDRESS = "other_address"
    FULL_NAME = "full_name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    SALUTATION = "salutation"
    TITLE = "title"
    COMPANY = "company"
    EMPLOYEES = "employees"
    INDUSTRY = "industry"
    COUNTRY = "country"
    LANGUAGE = "language"
    PHONE = "phone"
    RELATION = "relation"
    BASIS = "basis"
    EXTRA = "extra"


SEVERAL = frozenset([Field.OTHER_ADDRESS, Field.EXTRA])
"""Fields that more than one column may have."""


class Relation(StrEnum):
    CUSTOMER = "customer"
    PROSPECT = "prospect"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Why this person may get mail, as a column of the file says it; "not sure" means no mail."""

    CUSTOMER = "customer"
    AGREED = "agreed"
    BUSINESS_CONTACT = "business_contact"
    NOT_SURE = "not_sure"


class SkipReason(StrEnum):
    NO_ADDRESS = "no_address"
    INCOMPLETE_ADDRESS = "incomplete_address"
    INVALID_ADDRESS = "invalid_address"
    SEVERAL_ADDRESSES = "several_addresses"
    LETTERS_BEFORE_AT = "letters_before_at"
    MISTYPED_PROVIDER = "mistyped_provider"
    TWICE = "twice"
    BROKEN_QUOTES = "broken_quotes"
    WRONG_COLUMNS = "wrong_columns"
    ROW_TOO_LONG = "row_too_long"
    CELL_TOO_LONG = "cell_too_long"
    CONTROL_CHARACTERS = "control_characters"
    DAMAGED_LETTERS = "damaged_letters"


class Person(NamedTuple):
    """One person as a contact file describes them. Text that is not given is "", never None.

    `address` is for matching (lower case, IDNA), `address_typed` for sending. `employees` is as given;
    `employees_min` and `employees_max` are inclusive, and a band without an end has no maximum.
    `country` is an ISO 3166 code and `language` an ISO 639 code, "" where the cell names none.
    `phone` is E.164 ("+41445550123") where it is a valid number, else as typed.
    """

    address: str
    address_typed: str
    first_name: str = ""
    last_name: str = ""
    salutation: str = ""
    title: str = ""
    company: str = ""
    employees: str = ""
    employees_min: int | None = None
    employees_max: int | None = None
    industry: str = ""
    country: str = ""
    language: str = ""
    phone: str = ""
    relation: Relation = Relation.UNKNOWN
    basis: Basis | None = None
    extra: Mapping[str, str] = {}  # never changed; columns mapped to `Field.EXTRA`


class Row(NamedTuple):
    """A row that can be used. `number` is the row a spreadsheet shows: the header is row 1."""

    number: int
    person: Person


class Skipped(NamedTuple):
    """A row that cannot be used: why, in a sentence for its owner, and its text (at most 1,000
    characters)."""

    number: int
    reason: SkipReason
    sentence: str
    text: str
