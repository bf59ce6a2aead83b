"""The addresses under `/petitions/<slug>/mises-a-jour/`."""

from django.urls import URLPattern, URLResolver, path

from levier.faces.public.updates import calendar, card, feed, known, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.listed, name="news_list"),
    path("flux.atom", feed.feed, name="news_feed"),
    path("<int:n>/", pages.one, name="news"),
    path("<int:n>/lien/", pages.link, name="news_link"),
    path("<int:n>/lien/envoye/", pages.sent, name="news_sent"),
    path("<int:n>/carte.png", card.card, name="news_card"),
    path("<int:n>/agenda.ics", calendar.event, name="news_event"),
    path("<int:n>/repondre/", known.answer, name="news_answer"),
    path("<int:n>/merci/<str:token>/", known.thanks, name="news_thanks"),
    path("<int:n>/pour/<str:token>/", known.known, name="news_known"),
    path("<int:n>/pour/<str:token>/agenda.ics", calendar.known_event, name="news_known_event"),
    path("<int:n>/pour/<str:token>/accords/", known.ticks, name="news_ticks"),
    path("<int:n>/pour/<str:token>/reprendre/", known.taking_back, name="news_take_back"),
]
