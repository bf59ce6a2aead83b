from typing import Any

from levier.foundation.people.enums import NOT_THEIRS
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.tag import PersonTag
from levier.foundation.people.queries.timeline import cards_of


def everything_about(person: Person) -> dict[str, Any]:
    """All that this floor holds about a person, ready for JSON, with keys the person can read:
    under their card and under those merged into it."""
    cards = cards_of(person)
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
        "accords": _agreements(cards),
        "gestes": _gestures(cards),
        "étiquettes": _tags(person),
        "notes de l’équipe": _notes(person),
        "fiches réunies à celle-ci": _former(person),
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


def _agreements(cards: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "canal": said.channel,
            "pour": said.purpose,
            "au sujet de": said.scope,
            "donné": said.given,
            "mots exacts": said.wording,
            "origine": said.source,
            "le": said.at,
        }
        for said in Consent.objects.filter(person__in=cards).order_by("at", "pk")
    ]


def _gestures(cards: list[int]) -> list[dict[str, Any]]:
    return [
        {"geste": told.kind, "objet": told.subject, "détail": told.data, "le": told.at}
        for told in Activity.objects.filter(person__in=cards).order_by("at", "id")
    ]


def _tags(person: Person) -> list[dict[str, Any]]:
    rows = PersonTag.objects.filter(person=person).select_related("tag").order_by("at", "pk")
    return [{"étiquette": row.tag.name, "depuis": row.at} for row in rows]


def _notes(person: Person) -> list[dict[str, Any]]:
    rows = Note.objects.filter(person=person).order_by("at", "pk")
    return [{"note": row.text, "le": row.at} for row in rows]


def _former(person: Person) -> list[dict[str, Any]]:
    return [
        {"prénom": one.first_name, "nom": one.last_name, "connue depuis": one.created_at}
        for one in Person.objects.filter(merged_into=person).order_by("pk")
    ]
