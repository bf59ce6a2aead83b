"""Texts of the demonstration. Everything in it is fictional."""

import re
from dataclasses import dataclass, field

from levier.foundation.accounts.enums import Role
from levier.foundation.directory.actions import DecisionMaker

_FOLD = re.compile(r"(?<=[^\n])\n(?=[^\n#-])")  # a line folded in the source, not by its author
PASSWORD = "demonstration"  # noqa: S105  (demo accounts exist only in a demo)


@dataclass(frozen=True, kw_only=True)
class Member:
    email: str
    name: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Picture:
    file: str  # an SVG beside this file
    alternative: str
    credit: str


@dataclass(frozen=True, kw_only=True)
class DemoPetition:
    slug: str
    campaign: str
    title: str
    ask: str
    story: str
    decider: DecisionMaker
    weeks: int  # since its launch
    signatures: int
    bursts: tuple[tuple[float, float], ...]  # (moment between 0 and 1, weight)
    comments: tuple[tuple[str, str], ...]  # first name, words
    waiting_comments: tuple[tuple[str, str], ...]
    theme: str  # the slug of a Theme
    asks_postcode: bool = True
    is_full: bool = False  # everything that can gather around a petition did (see `gathered`)
    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class DemoOrganisation:
    slug: str
    name: str
    legal_name: str
    postal_address: str
    sender_email: str
    members: tuple[Member, ...]
    petitions: tuple[DemoPetition, ...] = field(default_factory=tuple)
    welcome_words: str = ""  # it takes its supporters' petitions, and says which


LILAS = DemoPetition(
    slug="piste-cyclable-rue-des-lilas",
    theme="transports",
    campaign="Une piste cyclable rue des Lilas",
    title="Une piste cyclable rue des Lilas",
    ask="Nous demandons à Mme Diallo de faire voter, avant l’été 2027, une piste cyclable protégée "
    "et continue sur les 1,4 km de la rue des Lilas.",
    story="""## Trois accidents en un an, et une rue trop large

Chaque matin, quatre cents enfants rejoignent le collège Simone-Veil par la rue des Lilas. Ils y
croisent neuf mille voitures par jour, sur une chaussée de treize mètres où rien ne les sépare de
la circulation.

Le 14 novembre, Inès, douze ans, a été renversée devant le numéro 48. Elle est remise. Nous ne
voulons pas attendre le prochain.

### Ce que nous demandons

- une piste **continue**, de la gare au collège, sans interruption aux carrefours ;
- un **séparateur** en dur entre les vélos et les voitures ;
- un vote du conseil municipal **avant l’été 2027**.
""",
    decider=DecisionMaker(
        honorific="Mme",
        name="Khady Diallo",
        post="3e adjointe au maire de Valmont",
        responsibility="chargée des mobilités",
        institution="Ville de Valmont",
        source="arrêté de délégation",
    ),
    picture=Picture(
        file="street.svg",
        alternative="Dessin : une femme et un enfant à vélo sur une piste cyclable jaune, rue des "
        "Lilas, devant des façades et des lilas en fleurs.",
        credit="La rue des Lilas telle que nous l’imaginons. Dessin : Valmont à vélo.",
    ),
    is_full=True,
    weeks=9,
    signatures=8_685,
    bursts=((0.06, 3.0), (0.34, 2.2), (0.62, 1.4), (0.9, 3.4)),
    comments=(
        (
            "Marc",
            "Je tiens la boulangerie du 62. Mes clients viennent à vélo quand ils n’ont pas peur.",
        ),
        (
            "Leïla",
            "Ma fille a onze ans. Elle me demande pourquoi elle n’a pas le droit d’y aller seule.",
        ),
        ("Odile", "Infirmière libérale, je fais ma tournée à vélo. Ici seulement, je descends."),
        ("Bernard", "À 74 ans je roule encore. Laissez-moi de la place."),
        (
            "Farid",
            "Je conduis le bus 12. Une piste à part, c’est plus sûr pour eux et pour moi.",
        ),
        (
            "Sandrine",
            "J’ai pris la voiture pendant dix ans pour faire 900 mètres, par peur. C’est absurde.",
        ),
        ("Léo", "Élève de quatrième : on est une vingtaine à venir à vélo, on serait cent."),
        (
            "Moussa",
            "Je livre avec un vélo cargo. Rue des Lilas, je roule sur le trottoir et j’ai honte.",
        ),
        (
            "Viviane",
            "Mon fauteuil électrique passera là où passent les vélos. Pensez à nous aussi.",
        ),
        ("Michel", "Trois accidents en un an : combien en faut-il ?"),
        ("Solène", "La rue fait treize mètres de large. Il y a la place, il manque la décision."),
        (
            "Patrick",
            "Je suis automobiliste et je signe : chacun chez soi, tout le monde arrive entier.",
        ),
    ),
    waiting_comments=(
        ("Yvette", "Merci au collectif pour les comptages du samedi matin, c’est du sérieux."),
        ("Damien", "Et la rue des Tilleuls ? Elle mériterait la même chose."),
        ("Nadia", "J’ai vu l’accident de novembre. Je signe pour Inès."),
    ),
)

PAROLE = DemoPetition(
    slug="liberez-la-parole",
    theme="justice",
    campaign="Libérez la parole",
    title="Libérez la parole",
    ask="Nous demandons à M. Aurel Vasse, ministre de la Justice de Sarvanie, d’abandonner avant "
    "le 10 décembre les poursuites contre la blogueuse Nour S., et de la libérer.",
    story="""## Dix ans de prison pour un blog

Nour S. a vingt-neuf ans. Elle écrivait sur un blog ce que beaucoup pensaient tout bas : que l’eau
de son quartier n’était plus potable, et que personne n’en répondait. Elle a été arrêtée au petit
matin, devant ses deux enfants.

Son procès a duré onze minutes. Elle n’a pas pu parler à son avocate.

### Ce que votre signature change

Dans des affaires semblables, une mobilisation nombreuse et durable a souvent obtenu une grâce, une
révision ou de meilleures conditions de détention. Chaque nom compte, et nous remettrons la liste
en main propre.
""",
    decider=DecisionMaker(
        honorific="M.",
        name="Aurel Vasse",
        post="ministre de la Justice de Sarvanie",
        responsibility="",
        institution="Gouvernement de Sarvanie",
        source="journal officiel de Sarvanie",
    ),
    weeks=5,
    signatures=8_685,
    bursts=((0.02, 5.0), (0.4, 2.0), (0.75, 2.5)),
    comments=(
        ("Jacques", "Écrire n’est pas un crime. Je signe pour ses enfants."),
        ("Yasmine", "J’ai grandi dans un pays où l’on se taisait. Plus jamais."),
        ("Agathe", "Bibliothécaire, je crois aux mots. Libérez Nour."),
        ("Samir", "Mon père a été libéré grâce à des lettres d’inconnus. À mon tour."),
        ("Hugo", "Onze minutes de procès. Onze minutes !"),
        ("Simone", "Que son ministre sache que nous lisons tous son blog, maintenant."),
    ),
    waiting_comments=(
        ("Zoé", "Courage Nour, nous sommes là."),
        ("Florence", "Je partage à toute ma classe."),
    ),
    asks_postcode=False,
)

VALMONT = DemoOrganisation(
    slug="valmont-a-velo",
    name="Valmont à vélo",
    legal_name="Association Valmont à vélo",
    postal_address="3 rue du Lavoir, 00000 Valmont",
    sender_email="bonjour@valmont.example",
    members=(
        Member(email="aicha@valmont.example", name="Aïcha Benali", role=Role.OWNER),
        Member(email="hugo@valmont.example", name="Hugo Marchand", role=Role.CAMPAIGNER),
        Member(email="mariam@valmont.example", name="Mariam Sow", role=Role.AMBASSADOR),
    ),
    petitions=(LILAS,),
    welcome_words="Des pétitions sur les déplacements à Valmont et autour.",
)

DROITS_DEBOUT = DemoOrganisation(
    slug="droits-debout",
    name="Droits debout",
    legal_name="Association Droits debout",
    postal_address="12 place de l’Étape, 00000 Saint-Aubin",
    sender_email="bonjour@droitsdebout.example",
    members=(
        Member(email="claire@droitsdebout.example", name="Claire Morel", role=Role.OWNER),
        Member(email="martin@droitsdebout.example", name="Martin Aubry", role=Role.TELEPHONE_AGENT),
    ),
    petitions=(PAROLE,),
)

ORGANISATIONS = (VALMONT, DROITS_DEBOUT)
STRANGER = ("etranger@ailleurs.example", "Étienne Ranger")


def unfolded(text: str) -> str:
    """Markdown as its author would have typed it, each paragraph on one line."""
    return _FOLD.sub(" ", text)
