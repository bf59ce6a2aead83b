"""Taking supporters out of here, and the log of whoever did (P65)."""

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.filters import Selection, selection
from levier.faces.desk.signatures import in_turn
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.people.actions.exports import record_export
from levier.foundation.people.enums import Exported
from levier.foundation.people.errors import BadConditions
from levier.foundation.people.models.export import Export
from levier.foundation.people.queries.conditions.shape import Condition, Conditions, Group
from levier.foundation.people.queries.export import USUAL, columns, exported
from levier.foundation.people.queries.supporters import counted, supporters
from levier.gathering.petitions.models.petition import Version

PER_PAGE = 50


@member_page
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Who would leave, in which columns, and why to think twice."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_CAMPAIGN
    )
    try:
        chosen = selection(membership.organisation, request.GET, now=timezone.now())
    except BadConditions as error:
        return _nobody(request, membership, error)
    return _ask(request, membership, chosen)


@transaction.non_atomic_requests
@member_page
@require_POST
def export_file(request: HttpRequest) -> HttpResponseBase:
    """The file, streamed, once it is written down who takes it."""
    user, now = user_of(request), timezone.now()
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_CAMPAIGN)
    try:
        chosen = selection(membership.organisation, request.GET, now=now)
    except BadConditions as error:
        return _nobody(request, membership, error)
    known, ticked = columns(), request.POST.getlist("colonne")
    wanted = {name: words for name, words in known if name in ticked}
    if not wanted:
        return _ask(request, membership, chosen, nothing=True)
    record_export(
        organisation=membership.organisation,
        what=Exported.SUPPORTERS,
        subject=f"segment:{chosen.segment.pk}" if chosen.segment else "",
        filters=_in_words(chosen),
        columns=", ".join(wanted.values()),
        rows=counted(chosen.q),
        by=user,
        now=now,
    )
    file = exported(supporters(chosen.q, chosen.form.order()), wanted)
    response = StreamingHttpResponse(in_turn(file), content_type="text/csv; charset=utf-8")
    name = f"soutiens-{membership.organisation.slug}-{timezone.localdate(now).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Accel-Buffering"] = "no"
    return response


@member_page
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Who took what, how many, when."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_CAMPAIGN
    )
    rows = Export.objects.filter(organisation=membership.organisation)
    found = Paginator(rows.select_related("by").order_by("-at", "-pk"), PER_PAGE)
    exports = found.get_page(request.GET.get("page"))
    titles = _titles(exports.object_list)
    context = {
        "exports": [(row, titles.get(row.subject, "")) for row in exports],
        "found": exports,
    }
    return page(request, "desk/people/exports.html", context, membership=membership, here="exports")


def _nobody(request: HttpRequest, membership: Membership, error: BadConditions) -> HttpResponse:
    context = {"error": str(error)}
    return page(
        request, "desk/people/no_segment.html", context, membership=membership, here="people",
        status=404,
    )  # fmt: skip


def _ask(
    request: HttpRequest, membership: Membership, chosen: Selection, *, nothing: bool = False
) -> HttpResponse:
    context = {
        "sentences": chosen.sentences,
        "count": counted(chosen.q),
        "query": chosen.form.query("tri"),
        "columns": [(name, words, name in USUAL) for name, words in columns()],
        "nothing": nothing,
    }
    return page(
        request, "desk/people/export.html", context, membership=membership, here="people",
        status=422 if nothing else 200,
    )  # fmt: skip


def _in_words(chosen: Selection) -> str:
    """What was asked, without the words somebody looked for: they may be a name."""
    kept = tuple(
        Group(mode=group.mode, conditions=_without_words(group.conditions))
        for group in chosen.form.conditions().groups
    )
    said = [chosen.vocabulary.sentence(Conditions(groups=kept))]
    if chosen.form.understood().get("recherche"):
        said.append(_("Et une recherche."))
    if chosen.segment is not None:
        said.insert(0, _("Segment « %(name)s ».") % {"name": chosen.segment.name})
    return " ".join(said)


def _without_words(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(one for one in conditions if one.kind != "mots")


def _titles(exports: object) -> dict[str, str]:
    """The titles of the petitions whose signatures left, by subject."""
    ids = {
        int(row.subject.partition(":")[2])
        for row in exports  # type: ignore[attr-defined]
        if row.subject.startswith("petition:")
    }
    latest = Version.objects.filter(petition=OuterRef("petition")).order_by("-n").values("pk")[:1]
    rows = Version.objects.filter(petition__in=ids, pk=Subquery(latest))
    return {
        f"petition:{petition}": title for petition, title in rows.values_list("petition", "title")
    }
