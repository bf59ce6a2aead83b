"""A wrong value stops the start with its name and its mend."""

from pathlib import Path

import pytest

from levier.project.environment import WrongEnvironment, read_environment


def test_nothing_said_is_a_working_environment(tmp_path: Path) -> None:
    environment = read_environment({"LEVIER_DATA": str(tmp_path)})
    assert environment.base_url == "http://127.0.0.1:8000"
    assert environment.database_url == ""
    assert environment.data == tmp_path
    assert environment.rate_limits is True
    assert environment.demo is environment.metrics is False
    assert (environment.time_zone, environment.language) == ("Europe/Paris", "fr")
    assert (environment.bind, environment.web_workers) == ("127.0.0.1", 1)
    assert environment.trusted_proxies == ()


def test_an_empty_value_is_an_absent_one() -> None:
    assert read_environment({"PORT": "", "LEVIER_BASE_URL": " "}) == read_environment({"A": "b"})


def test_the_address_follows_the_port() -> None:
    assert read_environment({"PORT": "8081"}).base_url == "http://127.0.0.1:8081"


def test_proxies_are_networks() -> None:
    given = {"LEVIER_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7"}
    assert read_environment(given).trusted_proxies == ("10.0.0.0/8", "192.0.2.7/32")


def test_a_secret_may_hold_any_character() -> None:
    secret = "$HOME ${HOME} %s {} \\ " + "é" * 32
    assert read_environment({"LEVIER_SECRET_KEY": secret}).secret_key == secret


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("k" * 40 + "\n")
    assert read_environment({"LEVIER_SECRET_KEY_FILE": str(path)}).secret_key == "k" * 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "٣"),
        ("DATABASE_URL", "mysql://u@h/b"),
        ("DATABASE_URL", "postgresql://u@h/b?nonsense=1"),
        ("DATABASE_URL", "postgresql://[::1"),
        ("LEVIER_SECRET_KEY", "short"),
        ("LEVIER_SECRET_KEY_FILE", "/nowhere/at/all"),
        ("LEVIER_BASE_URL", "petitions.example"),
        ("LEVIER_BASE_URL", "https://petitions.example/chemin"),
        ("LEVIER_BASE_URL", "https://petitions.example:99999"),
        ("LEVIER_BASE_URL", "http://[::1"),
        ("LEVIER_BIND", "localhost"),
        ("LEVIER_EMAIL_URL", "http://mail.example"),
        ("LEVIER_EMAIL_URL", "smtp://"),
        ("LEVIER_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("LEVIER_RATE_LIMITS", "maybe"),
        ("LEVIER_METRICS", "1"),
        ("LEVIER_DEMO", "yes"),
        ("LEVIER_TIME_ZONE", "Europe/Valmont"),
        ("LEVIER_LANGUAGE", "en"),
        ("LEVIER_HOSTED_BY", "x" * 301),
        ("LEVIER_WEB_WORKERS", "-1"),
        ("LEVIER_LOG_FORMAT", "xml"),
        ("LEVIER_BOUNCE_DOMAIN", "retours"),
        ("LEVIER_BOUNCE_DOMAIN", "retours@exemple.fr"),
        ("LEVIER_BOUNCE_DOMAIN", "-a.exemple.fr"),
        ("LEVIER_BOUNCE_IMAP_URL", "imaps://imap.exemple.fr/INBOX"),
        ("LEVIER_BOUNCE_IMAP_URL", "pop3://u:p@exemple.fr"),
        ("LEVIER_BOUNCE_IMAP_URL", 'imaps://u:p@exemple.fr/IN"BOX'),
        ("LEVIER_DKIM_SELECTORS", "a b"),
        ("LEVIER_MAIL_PROVIDER", "pigeon"),
        ("LEVIER_MAIL_HOOK_SECRET", "court"),
        ("LEVIER_MAIL_HOOK_SECRET", "levier:court"),
        ("LEVIER_MAIL_HOOK_SECRET", "levier:" + "é" * 30),
        ("LEVIER_MAILGUN_SIGNING_KEY", "é"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(WrongEnvironment) as caught:
        read_environment({name: value})
    assert caught.value.name == name
    assert caught.value.mend.endswith((".", ")."))


def test_what_comes_back_has_its_own_settings() -> None:
    given = {
        "LEVIER_BOUNCE_DOMAIN": "Retours.Exemple.fr",
        "LEVIER_BOUNCE_IMAP_URL": "imaps://u:p%40@imap.exemple.fr/INBOX",
        "LEVIER_DKIM_SELECTORS": "brevo1, brevo2",
        "LEVIER_MAIL_PROVIDER": "Brevo",
        "LEVIER_MAIL_HOOK_SECRET": "levier:" + "x" * 24,
    }
    environment = read_environment(given)
    assert environment.bounce_domain == "retours.exemple.fr"
    assert environment.dkim_selectors == ("brevo1", "brevo2")
    assert environment.mail_provider == "brevo"
    nothing = read_environment({"A": "b"})
    assert (nothing.bounce_domain, nothing.mail_provider, nothing.dkim_selectors) == ("", "", ())
