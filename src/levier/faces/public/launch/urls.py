"""The addresses of `/lancer/`."""

from django.urls import URLPattern, URLResolver, path

from levier.faces.public.launch import after, asking, link, looks, publish, steps

urlpatterns: list[URLPattern | URLResolver] = [
    path("", steps.step, {"key": "qui"}, name="launch"),
    path("semblables/", asking.similar, name="launch_similar"),
    path("demande/", steps.step, {"key": "demande"}, name="launch_ask"),
    path("pourquoi/", steps.step, {"key": "pourquoi"}, name="launch_why"),
    path("image/", steps.step, {"key": "image"}, name="launch_look"),
    path("relire/", publish.read, name="launch_read"),
    path("relire/page/", looks.page, name="launch_page"),
    path("relire/carte.png", looks.card, name="launch_card"),
    path("relire/courriel/", looks.mail, name="launch_mail"),
    path("code/", publish.code, name="launch_code"),
    path("qui/", asking.who, name="launch_who"),
    path("conseils/", asking.hints, name="launch_hints"),
    path("reprendre/<str:token>/", link.resume, name="launch_resume"),
    path("effacer/", asking.forget, name="launch_forget"),
    path("et-maintenant/<slug:slug>/", after.launched, name="launched"),
]
