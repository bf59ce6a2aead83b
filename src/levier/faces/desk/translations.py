"""A petition's text in other languages, written beside the original."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import latest_words
from levier.foundation.accounts.errors import Hidden
from levier.foundation.common.html_cleaning import markdown_from_html
from levier.foundation.common.languages import Language, language_at
from levier.gathering.petitions.actions.translating import (
    forget_translation,
    is_whole,
    publish_translation,
)
from levier.gathering.petitions.enums import EDITABLE
from levier.gathering.petitions.errors import AskFrozen, PetitionError
from levier.gathering.petitions.forms.translation import LanguageForm, TranslationForm
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.petitions.queries import translations_of
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.signing.actions.opening import translate_petition
from levier.gathering.signing.queries.listing import has_signatures


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def translations(request: HttpRequest, slug: str) -> HttpResponse:
    """The languages of a petition, and the way to another one."""
    place = petition_for_editing(user_of(request), slug)
    form = LanguageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("desk_translation", place.slug, form.cleaned_data["language"])
    context = {
        "form": form,
        "languages": _states(place.petition, latest_words(place.petition)),
        "editable": place.petition.state in EDITABLE,
    }
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/petition/translations.html",
        context,
        place=place,
        here="translations",
        status=status,
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def translation(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One language beside the original; saved as a draft."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    language, original = _language(code), latest_words(place.petition)
    draft, read = _draft(original, code), _read(place.petition, code)
    form = TranslationForm(language=language, initial=_initial(draft or read))
    if request.method == "POST":
        form = TranslationForm(request.POST, language=language)
        if form.is_valid() and _saved(form, place.petition, code, user):
            messages.success(request, _("Brouillon enregistré."))
            return redirect("desk_translation", place.slug, code)
    context = {
        "form": form,
        "language": language,
        "original": original,
        "draft": draft,
        "read": read,
        "ready": draft is not None and is_whole(draft),
        "is_signed": read is not None and has_signatures(place.petition.pk),
    }
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/petition/translation.html",
        context,
        place=place,
        here="translations",
        status=status,
    )


@member_page
@require_POST
def publish(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Open one language beside the text that is public."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    _language(code)
    try:
        publish_translation(petition=place.petition, language=code, by=user, now=timezone.now())
    except PetitionError as error:
        messages.error(request, str(error))
        return redirect("desk_translation", place.slug, code)
    messages.success(request, _("La traduction est publique."))
    return redirect("desk_translations", place.slug)


@member_page
@require_POST
def forget(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Throw the draft of one language away."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    _language(code)
    try:
        forget_translation(petition=place.petition, language=code, by=user, now=timezone.now())
    except PetitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Le brouillon est effacé."))
    return redirect("desk_translations", place.slug)


def _saved(form: TranslationForm, petition: Petition, code: str, by: Any) -> bool:
    words, now = form.words(), timezone.now()
    try:
        translate_petition(petition=petition, language=code, words=words, by=by, now=now)
    except PetitionError as error:
        form.add_error("ask" if isinstance(error, AskFrozen) else None, str(error))
        return False
    return True


def _language(code: str) -> Language:
    found = language_at(code)
    if found is None:
        raise Hidden
    return found


def _draft(version: Version, code: str) -> Translation | None:
    return Translation.objects.filter(version=version, language=code, published_at=None).first()


def _read(petition: Petition, code: str) -> Translation | None:
    return translations_of(petition).filter(language=code).first()


def _states(petition: Petition, version: Version) -> list[dict[str, Any]]:
    """Each language with its draft and what the public reads."""
    read = {one.language: one for one in reversed(translations_of(petition))}
    drafts = Translation.objects.filter(version=version, published_at=None)
    written = {one.language: one for one in drafts}
    return [
        {
            "language": language_at(code),
            "draft": written.get(code),
            "read": read.get(code),
            "late": code in read and read[code].version_id != petition.version_id,
        }
        for code in sorted({*read, *written})
        if language_at(code)
    ]


def _initial(translation: Translation | None) -> dict[str, str]:
    if translation is None:
        return {}
    return {
        "title": translation.title,
        "ask": translation.ask,
        "story": markdown_from_html(translation.story),
        "image_alt": translation.image_alt,
    }
