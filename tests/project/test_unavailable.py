"""A database that is away gives a 503 and a sentence; another failure gives a 500."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from psycopg_pool import PoolTimeout

from levier.project.unavailable import error_page


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection unexpectedly")


def full(request: HttpRequest) -> HttpResponse:
    raise PoolTimeout("couldn't get a connection after 5.00 sec")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("something else")


urlpatterns = [path("away/", away), path("full/", full), path("broken/", broken)]
handler500 = error_page
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.mark.parametrize("address", ["/away/", "/full/"])
def test_the_database_is_away(client: Client, address: str) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Rien de ce qui était enregistré n’est perdu." in response.content.decode()


def test_another_failure_is_ours(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Une erreur de notre fait" in response.content.decode()
    assert "something else" not in response.content.decode()
