"""The checks in French: what was found, how to mend it, and which of them stop a sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

Finding = tuple[str, dict[str, str]]  # a reason, and the values its sentence needs


class Gravity(IntEnum):
    """Sorted by what it stops (docs/decisions/79)."""

    FINE = 0
    ASIDE = 1  # does not apply here, or cannot be known from here
    DOUBTFUL = 2  # stops the sending until someone responsible says « envoyer quand même »
    FORBIDDING = 3  # stops it until it is mended


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of the list shown before a sending."""

    reason: str
    what: str
    gravity: Gravity
    said: str
    mend: str = ""
    waived: bool = False
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether nothing may leave in number because of it."""
        if self.gravity is Gravity.FORBIDDING:
            return True
        return self.gravity is Gravity.DOUBTFUL and not self.waived

    @property
    def word(self) -> str:
        """Its state in a word, so that a colour never says it alone."""
        if self.waived and self.gravity is Gravity.DOUBTFUL:
            return str(_("accepté"))
        return str(WORDS[self.gravity])


WORDS = {
    Gravity.FINE: _("en ordre"),
    Gravity.ASIDE: _("sans objet"),
    Gravity.DOUBTFUL: _("à revoir"),
    Gravity.FORBIDDING: _("bloquant"),
}

DOMAIN, SPF, DKIM, DMARC = _("Domaine d’envoi"), "SPF", "DKIM", "DMARC"
PTR, RETURNS, ADDRESS = _("Nom du serveur"), _("Retours"), _("Adresse postale")
VARIABLES, DONE = _("Textes à remplir"), _("Vérification")
_F, _D, _X, _A = Gravity.FINE, Gravity.DOUBTFUL, Gravity.FORBIDDING, Gravity.ASIDE

#: reason → (what is checked, gravity, what was found, how to mend it)
REASONS: Mapping[str, tuple[Any, Gravity, Any, Any]] = {
    "never_checked": (
        DONE,
        _X,
        _("Le domaine d’envoi n’a pas encore été vérifié."),
        _("Lancez la vérification\u00a0: elle prend quelques secondes."),
    ),
    "other_domain": (
        DONE,
        _X,
        _("L’adresse d’envoi a changé depuis la dernière vérification."),
        _("Lancez la vérification de {domain}."),
    ),
    "too_old": (
        DONE,
        _X,
        _("La dernière vérification date du {day}."),
        _("Lancez-la de nouveau\u00a0: elle prend quelques secondes."),
    ),
    "dns_silent": (
        DONE,
        _D,
        _("Le DNS n’a pas répondu pour {name}."),
        _("Relancez la vérification dans quelques minutes."),
    ),
    "domain_ok": (DOMAIN, _F, _("{domain} existe et reçoit du courriel."), ""),
    "domain_example": (
        DOMAIN,
        _A,
        _("{domain} est un domaine réservé aux exemples\u00a0: il n’a pas de DNS à vérifier."),
        "",
    ),
    "domain_missing": (
        DOMAIN,
        _X,
        _("Le domaine {domain} n’existe pas\u00a0: les serveurs refuseront vos messages."),
        _("Corrigez l’adresse d’envoi dans les réglages de l’organisation."),
    ),
    "domain_deaf": (
        DOMAIN,
        _X,
        _("{domain} ne reçoit pas de courriel\u00a0: ni MX, ni adresse."),
        _("Ajoutez un enregistrement MX, ou choisissez une adresse d’envoi qui reçoit."),
    ),
    "domain_free": (
        DOMAIN,
        _X,
        _("{domain} est un fournisseur de boîtes\u00a0: personne d’autre n’envoie en son nom."),
        _("Choisissez une adresse d’envoi de votre propre nom de domaine."),
    ),
    "spf_ok": (SPF, _F, _("{record}"), ""),
    "spf_missing": (
        SPF,
        _X,
        _("{domain} n’a pas d’enregistrement SPF."),
        _(
            "Ajoutez au DNS de {domain} un enregistrement TXT qui autorise votre serveur, par "
            "exemple «\u00a0v=spf1 include:… -all\u00a0» (votre prestataire en donne le texte)."
        ),
    ),
    "spf_many": (
        SPF,
        _X,
        _("{domain} a {n} enregistrements SPF\u00a0: les serveurs n’en lisent alors aucun."),
        _("Réunissez-les en un seul enregistrement TXT."),
    ),
    "spf_open": (
        SPF,
        _X,
        _("Le SPF de {domain} autorise n’importe qui\u00a0: «\u00a0{record}\u00a0»."),
        _("Remplacez «\u00a0+all\u00a0» par «\u00a0-all\u00a0» ou «\u00a0~all\u00a0»."),
    ),
    "spf_deep": (
        SPF,
        _X,
        _("Le SPF de {domain} demande {n} recherches\u00a0; au-delà de dix, il ne vaut plus rien."),
        _("Retirez les «\u00a0include\u00a0» qui ne servent plus."),
    ),
    "spf_endless": (
        SPF,
        _D,
        _("Le SPF de {domain} ne dit pas quoi faire des autres serveurs."),
        _("Terminez-le par «\u00a0-all\u00a0» ou «\u00a0~all\u00a0»."),
    ),
    "dkim_ok": (DKIM, _F, _("{selector}\u00a0: clé de {bits} bits."), ""),
    "dkim_modern": (DKIM, _F, _("{selector}\u00a0: clé Ed25519."), ""),
    "dkim_weak": (
        DKIM,
        _D,
        _("{selector}\u00a0: la clé n’a que {bits} bits."),
        _("Faites faire une clé de 2\u202f048 bits par qui signe vos messages."),
    ),
    "dkim_short": (
        DKIM,
        _X,
        _("{selector}\u00a0: une clé de {bits} bits n’est plus acceptée."),
        _("Faites faire une clé de 2\u202f048 bits par qui signe vos messages."),
    ),
    "dkim_wrong": (
        DKIM,
        _X,
        _("{selector}\u00a0: la clé est vide ou illisible."),
        _("Recopiez l’enregistrement TXT que donne qui signe vos messages."),
    ),
    "dkim_missing": (
        DKIM,
        _X,
        _("Aucune clé à {name}."),
        _("Ajoutez l’enregistrement que donne qui signe vos messages, ou corrigez le sélecteur."),
    ),
    "dkim_unknown": (
        DKIM,
        _D,
        _("Aucune clé aux noms habituels de {domain}."),
        _(
            "Faites signer vos messages, et demandez à qui tient le serveur d’indiquer le "
            "sélecteur (LEVIER_DKIM_SELECTORS)."
        ),
    ),
    "dmarc_ok": (DMARC, _F, _("{record}"), ""),
    "dmarc_missing": (
        DMARC,
        _D,
        _("{domain} n’a pas de DMARC\u00a0: Gmail et Yahoo le demandent à qui écrit en nombre."),
        _("Ajoutez à _dmarc.{domain} l’enregistrement TXT «\u00a0v=DMARC1; p=none\u00a0»."),
    ),
    "dmarc_wrong": (
        DMARC,
        _D,
        _("Le DMARC de {domain} est illisible ou double."),
        _("Gardez un seul enregistrement, qui commence par «\u00a0v=DMARC1; p=none\u00a0»."),
    ),
    "dmarc_refuses": (
        DMARC,
        _X,
        _(
            "Le DMARC de {domain} fait refuser ce qui n’est pas signé\u00a0: aucune clé DKIM n’est "
            "trouvée, et les retours vont à un autre domaine."
        ),
        _("Faites signer vos messages par DKIM au nom de {domain}."),
    ),
    "ptr_ok": (PTR, _F, _("{ip} s’appelle {name}, qui mène à {ip}."), ""),
    "ptr_elsewhere": (
        PTR,
        _A,
        _("Le serveur d’envoi est derrière un autre\u00a0: son nom ne se voit pas d’ici."),
        "",
    ),
    "ptr_missing": (
        PTR,
        _D,
        _("L’adresse {ip} du serveur d’envoi n’a pas de nom (PTR)."),
        _("Demandez à qui l’héberge de lui donner le nom {host}."),
    ),
    "ptr_differs": (
        PTR,
        _D,
        _("{ip} s’appelle {name}, qui ne mène pas à {ip}."),
        _("Faites mener {name} à {ip}, ou changez son nom chez qui l’héberge."),
    ),
    "returns_ok": (RETURNS, _F, _("Les retours arrivent à {domain}."), ""),
    "returns_deaf": (
        RETURNS,
        _D,
        _("{domain} ne reçoit pas de courriel\u00a0: les adresses mortes ne seraient pas connues."),
        _("Donnez un MX à {domain}, ou retirez LEVIER_BOUNCE_DOMAIN."),
    ),
    "address_ok": (ADDRESS, _F, _("{address}"), ""),
    "address_missing": (
        ADDRESS,
        _X,
        _("Votre adresse postale manque\u00a0: la loi la demande au bas de chaque message."),
        _("Écrivez-la dans les réglages de l’organisation."),
    ),
    "variable_missing": (
        VARIABLES,
        _X,
        _("«\u00a0{{{{ {name} }}}}\u00a0» manque pour {people}."),
        _("Donnez une valeur de repli, ou retirez-la du texte."),
    ),
}


def check_of(reason: str, values: Mapping[str, str], *, waived: bool = False) -> Check:
    """The line of a reason. Raises KeyError for one that does not exist."""
    what, gravity, said, mend = REASONS[reason]
    return Check(
        reason=reason,
        what=str(what),
        gravity=gravity,
        said=str(said).format(**values),
        mend=str(mend).format(**values),
        waived=waived,
        values=dict(values),
    )
