"""Texts of what gathered around the demonstration's first petition. Everything is fictional."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OrganisationTold:
    name: str
    contact: tuple[str, str, str]  # name, role, address
    website: str
    days: int  # since it signed
    is_shown: bool


PARTNER_NAME = "Piétons de Valmont"
PARTNER_SITE = "https://pietons-valmont.example"
PARTNER_SENTENCE = (
    "J’accepte que Piétons de Valmont m’écrive au sujet des rues de la ville. Je peux arrêter "
    "quand je veux."
)
PARTNER_BROUGHT, PARTNER_AGREED = 240, 160

ORGANISATIONS = (
    OrganisationTold(
        name="Parents d’élèves du collège Simone-Veil",
        contact=("Nora Legrand", "présidente", "bureau@parents-simone-veil.example"),
        website="https://parents-simone-veil.example",
        days=41,
        is_shown=True,
    ),
    OrganisationTold(
        name="Union des commerces de la rue des Lilas",
        contact=("Marc Tessier", "trésorier", "contact@commerces-lilas.example"),
        website="",
        days=23,
        is_shown=True,
    ),
    OrganisationTold(
        name="Cyclotouristes du Pays de Valmont",
        contact=("René Aubin", "secrétaire", "secretariat@cyclos-valmont.example"),
        website="https://cyclos-valmont.example",
        days=2,
        is_shown=False,
    ),
)

# Whoever signed the sheet that came back signs online afterwards: the nth signatures.
SHEET_DAYS, SIGN_AGAIN = 50, (4_000, 4_310, 4_777, 5_205, 6_018, 7_120, 8_040)
SHEETS_PRINTED = 5

# Words of the comments above, and what the team remembers of who wrote them.
TAGS = {
    "Commerces de la rue": ("Marc",),
    "Familles du collège": ("Leïla", "Sandrine", "Léo"),
}
SEGMENT_NAME = "Autour de Valmont, à qui demander d’inviter"

PRESS_URL = "https://courrier-de-valmont.example/rue-des-lilas-la-piste-qui-divise"
PRESS_TITLE = "Rue des Lilas : huit mille signatures pour une piste cyclable"
PRESS_OUTLET = "Le Courrier de Valmont"
PRESS_DAYS = 6

LANGUAGE = "en"
ENGLISH_TITLE = "A cycle lane on rue des Lilas"
ENGLISH_ASK = (
    "We ask Mrs Diallo to put to the vote, before the summer of 2027, a protected and unbroken "
    "cycle lane along the 1.4 km of rue des Lilas."
)
ENGLISH_STORY = """## Three accidents in a year, and a street that is too wide

Every morning four hundred children reach the Simone-Veil school by rue des Lilas. They meet nine
thousand cars a day there, on a roadway thirteen metres wide where nothing stands between them and
the traffic.

On 14 November Inès, who is twelve, was knocked down in front of number 48. She has recovered. We
do not want to wait for the next one.

### What we ask for

- an **unbroken** lane, from the station to the school, through every junction;
- a **kerb** between bicycles and cars;
- a vote of the town council **before the summer of 2027**.
"""
ENGLISH_PICTURE = (
    "Drawing: a woman and a child cycling on a yellow cycle lane, rue des Lilas, before house "
    "fronts and lilacs in bloom."
)

# Signatures that came from one connection within a quarter of an hour, held until somebody looks.
HELD_NAME = ("Alex", "Martin")
HELD_MAILBOX = "velo.fan{n}@courriel.example"
HELD = range(41, 48)
HELD_HOURS = 20
