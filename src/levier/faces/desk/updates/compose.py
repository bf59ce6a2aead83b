"""The composer: steps 3 and 4, each change kept, two editors never losing each other's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.updates.beside import beside
from levier.faces.desk.updates.composer_form import PROPOSE, TEXTS, composer_form, typed_in
from levier.faces.desk.updates.versions import two_versions
from levier.foundation.accounts.models import User
from levier.gathering.petitions.forms.picture import PictureForm
from levier.gathering.updates.actions.attach_photo import OURS, attach_photo, remove_photo
from levier.gathering.updates.actions.attach_press_link import (
    attach_press_link,
    remove_press_link,
)
from levier.gathering.updates.actions.delete_draft import delete_draft
from levier.gathering.updates.actions.remind_authors import set_reminder
from levier.gathering.updates.actions.save_draft import save_draft
from levier.gathering.updates.errors import (
    AskNotAllowed,
    ChangedMeanwhile,
    ContactNotShown,
    UpdateError,
    WrongHours,
)
from levier.gathering.updates.forms.article import ArticleForm, initial_article
from levier.gathering.updates.forms.event import EVENT_TYPES
from levier.gathering.updates.forms.reminder import ReminderForm
from levier.gathering.updates.forms.update import UpdateForm
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.gates import Desk, update_for_editing

#: A button pressed while the page was keeping the same words by itself is no second editor.
OWN = timedelta(seconds=20)
#: Which field an error is about.
FIELDS: dict[type[UpdateError], str] = {
    AskNotAllowed: "ask",
    ContactNotShown: "contact",
    WrongHours: "ends_hour",
}


@dataclass(kw_only=True)
class Composer:
    """The three forms of the page, over one draft; `theirs` once a colleague's version is met."""

    desk: Desk
    words: UpdateForm
    picture: PictureForm
    article: ArticleForm
    submitted: bool = False  # by a button, not behind the page
    theirs: ChangedMeanwhile | None = None

    @property
    def forms(self) -> tuple[Any, ...]:
        return self.words, self.picture, self.article

    def meet(self, error: ChangedMeanwhile) -> None:
        """Show both versions; sent again, what was typed comes after theirs."""
        self.theirs = error
        sent: Any = self.words.data
        typed = sent.copy()
        typed["edition"] = str(error.theirs.update.edition)
        self.words.data = typed

    def is_right(self) -> bool:
        """Every form is checked, so that every error is shown at once."""
        return all([form.is_valid() for form in self.forms])  # noqa: C419 - all are checked


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read a draft, or keep what was typed and go where the button said."""
    user, now = user_of(request), timezone.now()
    desk = update_for_editing(user, slug, pk)
    if not desk.can_write:
        return redirect("desk_update_sending", desk.place.slug, pk)
    composer = composer_over(desk, typed_in(request, desk.ask), request, now=now)
    composer.submitted = True
    wanted = request.POST.get("suite", "")
    if request.method == "POST" and composer.is_right() and keep(composer, by=user, now=now):
        return _onwards(request, desk, wanted)
    status = 422 if request.method == "POST" else 200
    return composer_page(request, composer, status=status)


@member_page
@require_POST
def autosave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same behind the page, part by part: what is right is kept at once (U2)."""
    user, now = user_of(request), timezone.now()
    desk = update_for_editing(user, slug, pk)
    composer = composer_over(desk, typed_in(request, desk.ask), request, now=now)
    right = desk.can_write and composer.is_right()
    kept = desk.can_write and keep(composer, by=user, now=now)
    fresh = update_for_editing(user, slug, pk)
    context = {
        **_shown(composer_over(fresh, None, request, now=now)),
        "kept": kept and right,
        "card_moved": _card(fresh.update) != _card(desk.update),
        "composer": composer,
        "wanted": request.POST.get("suite", ""),
        "place": desk.place,
        "slug": desk.place.slug,
        "now": now,
    }
    return render(request, "desk/updates/saved.html", context)


@member_page
@require_safe
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The card of the article alone, re-read while its page is being read."""
    desk = update_for_editing(user_of(request), slug, pk)
    context = {
        "update": desk.update,
        "article": ArticleForm(initial=initial_article(desk.update)),
        "slug": desk.place.slug,
        "media": settings.MEDIA_URL,
    }
    return render(request, "desk/updates/card.html", context)


@member_page
@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Throw a draft away."""
    user = user_of(request)
    desk = update_for_editing(user, slug, pk)
    try:
        delete_draft(update=desk.update, by=user, now=timezone.now())
    except UpdateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Le brouillon est effacé."))
    return redirect("desk_updates", desk.place.slug)


@member_page
@require_POST
def remind(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A word to oneself, on a day; without one, none (U11)."""
    user, now = user_of(request), timezone.now()
    desk = update_for_editing(user, slug, pk)
    form = ReminderForm(request.POST, now=now)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for one in form["day"].errors))
        return redirect("desk_update", desk.place.slug, pk)
    try:
        set_reminder(update=desk.update, at=form.at(), by=user, now=now)
    except UpdateError as error:
        messages.error(request, str(error))
    else:
        said = _("C’est noté : un courriel vous le rappellera ce matin-là.")
        messages.success(request, said if form.at() else _("Plus de rappel pour ce brouillon."))
    return redirect("desk_update", desk.place.slug, pk)


def composer_over(
    desk: Desk, typed: QueryDict | None, request: HttpRequest, *, now: datetime
) -> Composer:
    """Its three forms, bound to what was typed, if anything was."""
    update = desk.update
    files = request.FILES if typed is not None else None
    kept = {
        "kept_image": update.photo if OURS.fullmatch(update.photo) else "",
        "image_alt": update.photo_alt,
        "image_credit": update.photo_credit,
    }
    return Composer(
        desk=desk,
        words=composer_form(desk, typed, now=now),
        picture=PictureForm(typed, files, initial=kept),
        article=ArticleForm(typed, initial=initial_article(update)),
    )


def keep(composer: Composer, *, by: User, now: datetime) -> bool:
    """Keep each part that is right and has changed; an error goes beside its field."""
    update = composer.desk.update
    try:
        if composer.words.is_valid() and composer.words.has_changed():
            _keep_words(composer, by=by, now=now)
        if composer.picture.is_valid():
            _keep_picture(update, composer.picture, by=by, now=now)
        if composer.article.is_valid():
            _keep_article(update, composer.article, by=by, now=now)
    except ChangedMeanwhile as error:
        composer.meet(error)
        return False
    except UpdateError as error:
        composer.words.add_error(FIELDS.get(type(error)), str(error))
        return False
    return True


def _keep_words(composer: Composer, *, by: User, now: datetime) -> None:
    form, update = composer.words, composer.desk.update
    told: dict[str, Any] = {"words": form.words(), "ask": form.asked(), "by": by, "now": now}
    try:
        save_draft(update=update, edition=form.cleaned_data["edition"], **told)
    except ChangedMeanwhile as error:
        kept = error.theirs.update
        if not composer.submitted or kept.edited_by_id != by.pk or now - kept.edited_at > OWN:
            raise
        save_draft(update=update, edition=kept.edition, **told)


def _keep_picture(update: Update, form: PictureForm, *, by: User, now: datetime) -> None:
    data, picture = form.cleaned_data, form.picture()
    if data["drop_image"] and not data["image"]:
        if update.photo:
            remove_photo(update=update, by=by, now=now)
        return
    photo = picture or update.photo
    told = (photo, data["image_alt"], data["image_credit"])
    if photo and data["image_alt"] and told != _pictured(update):
        attach_photo(update=update, photo=photo, alt=told[1], credit=told[2], by=by, now=now)


def _pictured(update: Update) -> tuple[str, str, str]:
    return update.photo, update.photo_alt, update.photo_credit


def _card(update: Update) -> tuple[Any, ...]:
    return update.article_url, update.article_state, update.article


def _keep_article(update: Update, form: ArticleForm, *, by: User, now: datetime) -> None:
    if form.is_dropped(update):
        remove_press_link(update=update, by=by, now=now)
    elif form.is_new(update):
        url, card = form.cleaned_data["url"], form.card(update)
        attach_press_link(update=update, url=url, card=card, by=by, now=now)


def _onwards(request: HttpRequest, desk: Desk, wanted: str) -> HttpResponse:
    slug, pk = desk.place.slug, desk.update.pk
    if wanted == "apercu":
        return redirect("desk_update_preview", slug, pk)
    anchors = {PROPOSE: "#demande", TEXTS: "#demande", "article": "#photo"}
    if not anchors.get(wanted):
        messages.success(request, _("Brouillon enregistré."))
    response = redirect("desk_update", slug, pk)
    response["Location"] += anchors.get(wanted, "")
    return response


def composer_page(request: HttpRequest, composer: Composer, *, status: int = 200) -> HttpResponse:
    """The page, whatever is typed in it; with both versions when a colleague wrote meanwhile."""
    context = {
        **_shown(composer),
        **beside(composer.desk, now=timezone.now()),
        "has_errors": any(form.errors for form in composer.forms),
    }
    return page(
        request,
        "desk/updates/compose.html",
        context,
        place=composer.desk.place,
        here="updates",
        status=status,
    )


def _shown(composer: Composer) -> dict[str, Any]:
    picture, update = composer.picture, composer.desk.update
    kept = picture.kept_picture()
    address = f"{settings.MEDIA_URL}{kept}" if kept else ""
    if not kept and update.photo.startswith("/"):
        address = update.photo  # of a meeting: shown where it is (U4)
    return {
        "desk": composer.desk,
        "update": update,
        "ask": composer.desk.ask,
        "form": composer.words,
        "picture": picture,
        "article": composer.article,
        "theirs": composer.theirs,
        "versions": two_versions(composer.theirs) if composer.theirs else [],
        "kept_path": kept,
        "kept_image": address,
        "media": settings.MEDIA_URL,
        "event_types": EVENT_TYPES,
    }
