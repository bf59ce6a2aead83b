"""What each kind of news may ask, and the ask it proposes, ready to leave (U9)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.updates.enums import AskKind, UpdateKind
from levier.gathering.updates.models.ask import LABEL_LENGTH
from levier.gathering.updates.rules.words import AskWords

# The first is proposed.
ALLOWED: Mapping[str, tuple[AskKind, ...]] = {
    UpdateKind.ARTICLE: (AskKind.SHARE, AskKind.ADVISE),
    UpdateKind.EVENT: (AskKind.ATTEND, AskKind.SHARE),
    UpdateKind.ADVICE: (AskKind.ADVISE,),
    UpdateKind.TESTIMONY: (AskKind.TESTIFY,),
    UpdateKind.MEETING_OBTAINED: (AskKind.ENCOURAGE, AskKind.ADVISE, AskKind.SHARE),
    UpdateKind.MEETING_HELD: (
        *(AskKind.SHARE, AskKind.EMAIL, AskKind.CALL, AskKind.ATTEND, AskKind.ENCOURAGE),
    ),
    UpdateKind.PRESSURE: (AskKind.EMAIL, AskKind.TWEET, AskKind.CALL, AskKind.FACEBOOK),
    UpdateKind.LAUNCH: (AskKind.LAUNCH,),
    UpdateKind.MILESTONE: (AskKind.SHARE,),
    UpdateKind.VICTORY: (AskKind.CELEBRATE, AskKind.LAUNCH, AskKind.EMAIL),
}


def asks_allowed(kind: str) -> tuple[AskKind, ...]:
    """What a kind of news may ask, the proposed one first."""
    return ALLOWED[kind]


def default_ask(kind: str, petition: Petition, ask: str = "") -> AskWords:
    """The ask that a kind proposes, or another one it allows, with its texts taken from the
    petition and from whom it is addressed to (U9). Everything in it can be changed.

    Wants the version and the addressee. Its contact and its hours are left to choose.
    """
    chosen = AskKind(ask) if ask else ALLOWED[kind][0]
    told = {
        "who": addressee_of(petition).short or _("la personne qui décide"),
        "title": petition.version.title if petition.version else "",
        "ask": petition.version.ask if petition.version else "",
    }
    label, instructions, suggested = _texts(kind, chosen)
    button = label % told
    if len(button) > LABEL_LENGTH:
        button = label % {**told, "who": _("la personne qui décide")}
    return AskWords(
        kind=chosen,
        label=button,
        instructions=instructions % told,
        suggested_text=suggested % told,
        zone=petition.campaign.organisation.time_zone if chosen == AskKind.ATTEND else "",
    )


def _texts(kind: str, ask: AskKind) -> tuple[str, str, str]:
    """(button, instructions, suggested text): of this kind, or of any that asks the same."""
    special = {
        (UpdateKind.ARTICLE, AskKind.SHARE): _share_article,
        (UpdateKind.MEETING_HELD, AskKind.SHARE): _share_answer,
        (UpdateKind.MILESTONE, AskKind.SHARE): _share_milestone,
        (UpdateKind.VICTORY, AskKind.EMAIL): _thank,
    }
    return special.get((UpdateKind(kind), ask), _USUAL[ask])()


def _share() -> tuple[str, str, str]:
    return (
        _("Partager la pétition"),
        _("Envoyez la pétition à trois personnes que cela concerne."),
        _("J’ai signé « %(title)s ». Et vous\u202f?"),
    )


def _share_article() -> tuple[str, str, str]:
    return (
        _("Partager l’article"),
        _("Faites lire cet article autour de vous\u00a0: il dit pourquoi nous agissons."),
        _("On parle de « %(title)s » dans la presse. À lire, et à signer\u00a0:"),
    )


def _share_answer() -> tuple[str, str, str]:
    return (
        _("Faire connaître la réponse"),
        _(
            "Faites connaître ce que %(who)s nous a répondu\u00a0: "
            "une parole publique engage davantage."
        ),
        _("Voici ce que %(who)s a répondu à « %(title)s »\u00a0:"),
    )


def _share_milestone() -> tuple[str, str, str]:
    return (
        _("Faire signer une personne"),
        _("Si chacun et chacune de nous fait signer une personne, nous serons deux fois plus."),
        _("J’ai signé « %(title)s ». Il manque votre signature\u00a0:"),
    )


def _advise() -> tuple[str, str, str]:
    return (
        _("Donner un conseil, un contact"),
        _("Un conseil, une expérience, quelqu’un à rencontrer\u00a0? L’équipe lit tout."),
        "",
    )


def _attend() -> tuple[str, str, str]:
    return (
        _("Je viens"),
        _("Dites-nous si vous venez\u00a0: plus nous serons, mieux nous serons entendus."),
        "",
    )


def _testify() -> tuple[str, str, str]:
    return (
        _("Raconter mon expérience"),
        _(
            "Racontez en quelques lignes ce que cela change dans votre vie. "
            "Rien ne paraît sans votre accord."
        ),
        "",
    )


def _encourage() -> tuple[str, str, str]:
    return (
        _("Laisser un mot pour la rencontre"),
        _("Laissez un mot\u00a0: nous l’apporterons à %(who)s."),
        "",
    )


def _email() -> tuple[str, str, str]:
    return (
        _("Écrire à %(who)s"),
        _(
            "Un message personnel pèse plus que mille copies\u00a0: "
            "gardez ce qui vous ressemble, changez le reste."
        ),
        _("%(ask)s\n\nPourquoi cela me touche\u00a0:\n"),
    )


def _thank() -> tuple[str, str, str]:
    return (
        _("Remercier %(who)s"),
        _("Dites merci\u00a0: une décision courageuse mérite d’être saluée."),
        _("Merci d’avoir entendu « %(title)s ».\n\nCe que cela change pour moi\u00a0:\n"),
    )


def _call() -> tuple[str, str, str]:
    return (
        _("Appeler %(who)s"),
        _("Un appel dure une minute. Soyez bref et aimable\u00a0: dites qui vous êtes."),
        _(
            "Bonjour, je vous appelle au sujet de « %(title)s ».\n%(ask)s\n"
            "Pouvez-vous transmettre mon message à %(who)s\u202f?"
        ),
    )


def _tweet() -> tuple[str, str, str]:
    return (
        _("Interpeller %(who)s"),
        _("Un message public, poli et précis\u00a0: dites ce que vous demandez."),
        _("Nous vous demandons d’agir\u00a0: « %(title)s »."),
    )


def _facebook() -> tuple[str, str, str]:
    return (
        _("Écrire sur la page de %(who)s"),
        _("Laissez un message poli et précis sur sa page\u00a0: dites ce que vous demandez."),
        _("Bonjour, %(ask)s"),
    )


def _launch() -> tuple[str, str, str]:
    return (
        _("Lancer ma pétition"),
        _("Une cause proche, dans votre ville ou votre école\u202f? À votre tour."),
        "",
    )


def _celebrate() -> tuple[str, str, str]:
    return (
        _("Laisser un mot"),
        _("Vous avez rendu cela possible\u00a0: un mot pour fêter la victoire ensemble\u202f?"),
        "",
    )


_USUAL = {
    AskKind.SHARE: _share,
    AskKind.ADVISE: _advise,
    AskKind.ATTEND: _attend,
    AskKind.TESTIFY: _testify,
    AskKind.ENCOURAGE: _encourage,
    AskKind.EMAIL: _email,
    AskKind.CALL: _call,
    AskKind.TWEET: _tweet,
    AskKind.FACEBOOK: _facebook,
    AskKind.LAUNCH: _launch,
    AskKind.CELEBRATE: _celebrate,
}
