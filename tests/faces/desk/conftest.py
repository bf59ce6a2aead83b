"""Somebody sits at the desk."""

from collections.abc import Callable

import pytest
from django.test import Client

from levier.foundation.accounts.models import User

SeatedAt = Callable[[User], Client]


@pytest.fixture
def seat() -> SeatedAt:
    """A browser in which a user is signed in."""

    def seated(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return seated
