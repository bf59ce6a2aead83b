"""« Mon compte »: one's name, and the ways in."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.actions import rename_user
from levier.foundation.accounts.forms import NameForm
from levier.foundation.accounts.queries import memberships_of


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Change one's name; see one's places; go to password, keys and codes."""
    user = user_of(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        rename_user(user=user, name=form.cleaned_data["name"])
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_account")
    memberships = list(memberships_of(user))
    context = {
        "form": form,
        "memberships": memberships,
        "has_password": user.has_usable_password(),
        "is_protected": is_mfa_enabled(user),
    }
    membership = memberships[0] if memberships else None
    status = 422 if form.is_bound else 200
    return page(
        request, "desk/account.html", context, membership=membership, here="account", status=status
    )
