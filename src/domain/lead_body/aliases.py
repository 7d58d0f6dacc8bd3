"""
The names under which programs and forms send what is a field of a lead, as seen in the field.

A new name is a word in a table here. Names are compared by `plain`, so that the tables need no
spellings: `Your E-Mail`, `your-email`, `yourEmail` and `form_fields[your_email]` are one name.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from domain.api_key import text_without_keys

FIRST_NAME, LAST_NAME = "first_name", "last_name"
"""Beside the fields themselves: two parts that together are a name."""

_WORDS: Mapping[str, str] = {
    "name": """
        name, full name, your name, contact name, customer name, lead name, name complete,
        vollständiger name, vor- und nachname, nombre completo, nombre y apellidos, nom complet,
        nom et prénom, nome completo, nome e cognome, volledige naam, naam, पूरा नाम, नाम,
        imię i nazwisko, имя, お名前, 氏名""",
    FIRST_NAME: """
        first name, fname, f name, given name, forename, name first, contact first, vorname, prénom,
        nombre, nome, voornaam, imię, पहला नाम""",
    LAST_NAME: """
        last name, lname, l name, surname, family name, name last, contact last, nachname,
        familienname, nom, nom de famille, apellidos, apellido, cognome, sobrenome, apelido,
        achternaam, nazwisko, उपनाम""",
    "email": """
        email, e-mail address, mail, mail address, your email, email value, work email,
        business email, contact email, customer email, user email,
        e-mail-adresse, mailadresse, correo, correo electrónico, dirección de correo, courriel,
        adresse mail, adresse e-mail, endereço de e-mail, indirizzo e-mail, indirizzo mail,
        e-mailadres, mailadres, adres e-mail, ईमेल, ईमेल पता, почта, メールアドレス""",
    "phone": """
        phone, phone number, phone no, your phone, your tel, tel, telephone, telephone number,
        mobile, mobile phone, mobile number, phone mobile, cell, cell phone, contact phone,
        contact number, phone work, whatsapp, whatsapp number, telefon, telefonnummer, handy,
        handynummer, mobil, mobilnummer, rufnummer, teléfono, teléfono móvil, móvil, celular,
        numéro de téléphone, téléphone, téléphone portable, portable, telefone, telemóvel, cel,
        telefono, cellulare, numero di telefono, telefoon, telefoonnummer, mobiel, फ़ोन, फ़ोन नंबर,
        मोबाइल, मोबाइल नंबर, телефон, 電話番号""",
    "source_url": "source url, page url, landing page, landing page url, landing url",
    "referrer": "referrer, referer, referrer url, referer url, http referer, document referrer",
    "page_trail": "page trail",
    "utm": "utm, utm parameters, utm params",
    "attributes": "attributes",
}

CLICK_IDS = frozenset(
    {
        *("gclid", "gbraid", "wbraid", "dclid", "gclsrc"),
        *("fbclid", "msclkid", "ttclid", "li_fat_id", "twclid"),
        *("yclid", "rdt_cid", "epik", "sccid", "qclid"),
    }
)
"""What an ad adds to the address of the page that it leads to."""

LOOKS_LIKE: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "phone": re.compile(r"(?:\D*\d){5}"),
        "source_url": re.compile(r"\s*(?:/|https?://)"),
        "referrer": re.compile(r"\s*(?:/|https?://)"),
    }
)
"""
How a text begins that may stand in for a field, where a field takes any text.

Under these names forms ask other things too: `whatsapp: yes`, `landing_page: Summer Sale`.
"""

WRAPPERS = (("payload", "data"), ("data",), ("fields",))
"""Where the fields are if a sender wraps them: the way to the object that holds them."""

_LONGEST_NAME = 100
_BUILDER = re.compile(
    r"(?:form_fields|fields|submitted|mauticform|contact|lead|names?|tx_powermail_pi1\[field\])"
    r"\[([^\[\]]+)\](?:\[value\])?",
    re.IGNORECASE,
)
"""How form builders wrap the name of an input."""
_PREFIX = re.compile(r"\A(?:q[0-9]+_|et_pb_contact_|sqf_)", re.IGNORECASE)
_ACCENTS = re.compile("[\u0300-\u036f]")
_UTM = re.compile(r"utm_(\w{1,50})", re.IGNORECASE | re.ASCII)
_UTM_IN_CAMEL_CASE = re.compile(r"utm(Source|Medium|Campaign|Term|Content|Id)", re.ASCII)


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """
    *name* without what builders put around it, in small letters, and nothing but letters.

    Accents go as well, so `téléphone` and `telephone` are one name; the vowel signs of other
    scripts, which are marks too, make the word.
    """
    builder = _BUILDER.fullmatch(name)
    inner = _PREFIX.sub("", builder[1] if builder else name, count=1)
    letters = _ACCENTS.sub("", unicodedata.normalize("NFKD", inner)).casefold()
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] in "LM")


ALIASES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        plain(word.strip()): (field, rank)
        for field, words in reversed(
            list(_WORDS.items())
        )  # where two fields have a word, the first wins
        for rank, word in reversed(list(enumerate(words.split(","))))
    }
)
"""Which field a plain name stands for, and how early it is in the table of that field."""


def field_of(name: str) -> tuple[str, int] | None:
    """The field, or part of a name, for which *name* stands, and its rank; the lowest counts."""
    return ALIASES.get(plain(name)) if len(name) <= _LONGEST_NAME else None


def utm_name_of(name: str) -> str | None:
    """What *name* is called among the `utm` of a lead; None if it is nothing of the kind."""
    if (click_id := name.lower()) in CLICK_IDS:
        return click_id
    if name[:3].lower() != "utm":
        return None
    if found := _UTM.fullmatch(name):
        return text_without_keys(f"utm_{found[1].lower()}")  # in small letters it may be a key
    if found := _UTM_IN_CAMEL_CASE.fullmatch(name):
        return f"utm_{found[1].lower()}"
    return None
