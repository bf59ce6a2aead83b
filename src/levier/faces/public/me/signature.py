"""One of my signatures: correct it, withdraw it, say why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.public.me.notices import back
from levier.faces.public.private import private_page
from levier.faces.public.sharing import personal_address, qr_drawing, share_context
from levier.faces.public.sign_sheet import countries
from levier.gathering.petitions.queries import current_slug, share_texts_of
from levier.gathering.petitions.rules.consents import show_name_sentence
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.petitions.rules.switches import thrown_for
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.correct import correct
from levier.gathering.signing.actions.delete_comment import delete_comment
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.actions.write_comment import write_comment
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.forms import CommentForm, CorrectionForm
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.mine import comment_of, own_signature, share_code
from levier.gathering.signing.rules.links import mailbox_from_token

PAGE = ["GET", "HEAD", "POST"]


@private_page
@require_POST
def confirmation(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The personal link came to the same mailbox as the confirmation would."""
    try:
        confirm(signature_id=_own(token, pk).pk, now=timezone.now())
    except NoLongerStanding:
        return back(token, "deja")
    return back(token, "confirmation")


@private_page
@require_http_methods(PAGE)
def withdrawal(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """GET says what happens; POST withdraws (P32)."""
    signature = _own(token, pk)
    if request.method == "POST":
        try:
            withdraw(signature_id=signature.pk, now=timezone.now())
        except NoLongerStanding:
            return back(token, "deja")
        return back(token, "retrait")
    if signature.state not in STANDING:
        return back(token, "deja")
    return render(request, "public/me/withdraw.html", _context(signature, token))


@private_page
@require_safe
def sharing(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """One's own link, and words ready for each network."""
    signature = _own(token, pk)
    slug, code = current_slug(signature.petition_id), share_code(signature)
    if signature.state not in STANDING or slug is None or not code:
        return back(token, "deja")
    address = personal_address(code)
    version = signature.petition.version or signature.version
    context = {
        **_context(signature, token),
        **share_context(version, address, share_texts_of(signature.petition_id)),
        "slug": slug,
        "signable": is_signable(signature.petition, now=timezone.now()),
        "qr": qr_drawing(address),
        "short_address": address.split("://", 1)[1],
    }
    return render(request, "public/me/share.html", context)


@private_page
@require_http_methods(PAGE)
def correction(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    signature = _own(token, pk)
    if signature.state not in STANDING:
        return back(token, "deja")
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        correct(
            signature_id=signature.pk,
            first_name=typed["first_name"],
            last_name=typed["last_name"],
            postcode=typed["postal_code"],
            country=typed["country"],
            show_name=typed["show_name"],
            now=timezone.now(),
        )
        return back(token, "correction")
    context = {
        **_context(signature, token),
        "form": form,
        "typed": request.POST if request.method == "POST" else _as_typed(signature),
        "countries": countries(),
        "show_name_sentence": show_name_sentence(),
    }
    return render(request, "public/me/correct.html", context, status=422 if form.errors else 200)


@private_page
@require_http_methods(PAGE)
def comment(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    signature = _own(token, pk)
    if signature.state not in STANDING:
        return back(token, "deja")
    form = CommentForm(request.POST if request.method == "POST" else None)
    closed = thrown_for(signature.petition).comments
    if form.is_valid() and closed:
        form.add_error("comment", closed)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        write_comment(
            signature_id=signature.pk,
            text=data["comment"],
            for_press=data["for_press"],
            for_dossier=data["for_dossier"],
            now=timezone.now(),
        )
        return back(token, "commentaire")
    old = comment_of(signature)
    context = {
        **_context(signature, token),
        "form": form,
        "closed": closed,
        "old": old,
        "typed": request.POST.get("comment", old.text if old else ""),
        "for_press": "for_press" in request.POST if form.is_bound else old and old.for_press,
        "for_dossier": "for_dossier" in request.POST if form.is_bound else old and old.for_dossier,
    }
    return render(request, "public/me/comment.html", context, status=422 if form.errors else 200)


@private_page
@require_POST
def comment_deletion(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    delete_comment(signature=_own(token, pk))
    return back(token, "commentaire-efface")


def _own(token: str, pk: int) -> Signature:
    """The gate: a signature of the mailbox's own person, or 404."""
    mailbox = mailbox_from_token(token, now=timezone.now())
    if (signature := own_signature(mailbox.person, pk)) is None:
        raise Http404
    return signature


def _context(signature: Signature, token: str) -> dict[str, object]:
    version = signature.petition.version
    return {
        "here": "me",
        "token": token,
        "signature": signature,
        "title": version.title if version else "",
        "organisation": signature.petition.campaign.organisation,
    }


def _as_typed(signature: Signature) -> dict[str, object]:
    return {
        "first_name": signature.first_name,
        "last_name": signature.last_name,
        "postal_code": signature.postcode,
        "country": signature.country,
        "show_name": signature.show_name,
    }
