"""The words that cells of a contact file hold, in the languages read, compared without case."""

from campaigns.people.model import Basis, Relation

COUNTRY_ALIASES = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US",
    "vereinigte staaten von amerika": "US", "états-unis d'amérique": "US", "ee. uu.": "US", "eeuu": "US",
    "stati uniti d'america": "US", "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "grossbritannien": "GB", "großbritannien": "GB", "grande-bretagne": "GB",
    "angleterre": "GB", "gran bretaña": "GB", "inglaterra": "GB", "gran bretagna": "GB", "inghilterra": "GB",
    "engeland": "GB", "groot-brittannië": "GB", "brd": "DE", "d": "DE", "a": "AT", "holland": "NL",
    "hollande": "NL", "holanda": "NL", "olanda": "NL", "die niederlande": "NL", "the netherlands": "NL",
    "czech republic": "CZ", "tschechische republik": "CZ", "suisse": "CH", "svizzera": "CH", "fl": "LI",
    "osterreich": "AT", "oesterreich": "AT", "日本国": "JP", "米国": "US", "英国": "GB",
}  # fmt: skip

YES = frozenset("yes y true 1 x ja j wahr oui o vrai sí si s sì vero verdadero waar はい 有".split())
NO = frozenset("no n false 0 nein falsch non faux falso nee onwaar いいえ 無".split())

RELATIONS = {
    Relation.CUSTOMER: frozenset([
        "customer", "client", "existing", "existing customer", "kunde", "kundin", "bestandskunde",
        "bestandskundin", "kunden", "cliente", "cliente esistente", "klant", "bestaande klant", "顧客", "既存",
        "既存顧客",
    ]),
    Relation.PROSPECT: frozenset([
        "prospect", "lead", "interessent", "interessentin", "neukunde", "suspect", "kein kunde",
        "non customer", "noncustomer", "prospecto", "prospetto", "potenziale", "potencial", "non client",
        "no cliente", "potentiële klant", "見込み客", "見込み顧客", "新規",
    ]),
}  # fmt: skip

BASES = {
    Basis.CUSTOMER: (
        "customer", "existing customer", "kunde", "kundin", "bestandskunde", "client", "cliente", "klant",
        "顧客",
    ),
    Basis.AGREED: (
        "agreed", "consent", "opt-in", "optin", "double opt-in", "einwilligung", "eingewilligt",
        "zugestimmt", "zustimmung", "consentement", "consentimiento", "consenso", "toestemming", "同意",
        "同意済み",
    ),
    Basis.BUSINESS_CONTACT: (
        "business contact", "business_contact", "business", "legitimate interest", "geschäftskontakt",
        "berechtigtes interesse", "intérêt légitime", "interés legítimo", "legittimo interesse",
        "gerechtvaardigd belang",
    ),
    Basis.NOT_SURE: ("not sure", "not_sure", "unsure", "unknown", "unklar", "unsicher", "weiss nicht",
        "weiß nicht"),
}  # fmt: skip

HONORIFICS = frozenset(
    """
    mr mrs ms miss mx dr prof sir madam herr frau hr fr hrn dipl ing mag doktor professor monsieur madame
    mademoiselle m mme mlle sr sra srta señor señora sig sigra dott signor signora dhr mevr mevrouw meneer 様
    """.split()
)
