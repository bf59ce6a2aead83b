"""The words proposed to those who share a petition, by itself or by what it inherits from."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.share_text import ShareText


@transaction.atomic
def set_share_texts(
    *,
    whose: Petition | Campaign | Organisation,
    texts: Mapping[str, str],
    by: User,
    now: datetime,
) -> None:
    """Keep the words for these networks; empty ones follow what is above. Others stay as they
    are."""
    owner = _locked(whose)
    kept = ShareText.objects.filter(**owner, network__in=texts)
    if dict(kept.values_list("network", "text")) == {n: text for n, text in texts.items() if text}:
        return
    kept.delete()
    ShareText.objects.bulk_create(
        ShareText(**owner, network=network, text=text) for network, text in texts.items() if text
    )
    _audit(whose, sorted(n for n, text in texts.items() if text), by, now)


def _locked(
    whose: Petition | Campaign | Organisation,
) -> dict[str, Petition | Campaign | Organisation]:
    if isinstance(whose, Petition):
        return {"petition": locked(whose)}
    if isinstance(whose, Campaign):
        return {"campaign": Campaign.objects.select_for_update().get(pk=whose.pk)}
    return {"organisation": Organisation.objects.select_for_update().get(pk=whose.pk)}


def _audit(
    whose: Petition | Campaign | Organisation, networks: list[str], by: User, now: datetime
) -> None:
    if isinstance(whose, Petition):
        audit(whose, "set_share_texts", by, now, networks=networks)
        return
    body: dict[str, object] = {"act": "petitions.set_share_texts", "networks": networks}
    if isinstance(whose, Campaign):
        body["campaign"] = whose.pk
    scope = whose.organisation_id if isinstance(whose, Campaign) else whose.pk
    append_audit(scope=scope, body=body, by=by.pk, now=now)
