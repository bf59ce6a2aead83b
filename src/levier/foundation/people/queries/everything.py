from typing import Any

from levier.foundation.people.enums import NOT_THEIRS
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent
from levier.foundation.people.models.person import ContactPoint, Person


def everything_about(person: Person) -> dict[str, Any]:
    """All that this floor holds about a person, ready for JSON, with keys the person can read."""
    return {
        "personne": {
            "prénom": person.first_name,
            "nom": person.last_name,
            "civilité": person.honorific,
            "code postal": person.postcode,
            "pays": person.country,
            "langue": person.language,
            "fuseau horaire": person.time_zone,
            "connue depuis": person.created_at,
        },
        "adresses": _addresses(person),
        "accords": _agreements(person),
        "gestes": _gestures(person),
    }


def _addresses(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "canal": point.channel,
            "telle que saisie": point.typed,
            "telle que comparée": "" if point.state in NOT_THEIRS else point.canonical,
            "état": point.state,
            "raison": point.state_reason,
            "depuis": point.created_at,
        }
        for point in ContactPoint.objects.filter(person=person).order_by("pk")
    ]


def _agreements(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "canal": said.channel,
            "pour": said.purpose,
            "donné": said.given,
            "mots exacts": said.wording,
            "origine": said.source,
            "le": said.at,
        }
        for said in Consent.objects.filter(person=person).order_by("at", "pk")
    ]


def _gestures(person: Person) -> list[dict[str, Any]]:
    return [
        {"geste": told.kind, "objet": told.subject, "détail": told.data, "le": told.at}
        for told in Activity.objects.filter(person=person).order_by("at", "id")
    ]
