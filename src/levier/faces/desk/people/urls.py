"""The addresses of people at the desk."""

from django.urls import URLPattern, URLResolver, include, path

from levier.faces.desk.people import (
    card,
    duplicates,
    exports,
    gestures,
    retention,
    segments,
    supporters,
    tags,
)

of_a_person: list[URLPattern | URLResolver] = [
    path("", card.person, name="desk_person"),
    path("avant/", card.older, name="desk_person_older"),
    path("corriger/", gestures.correct, name="desk_person_correct"),
    path("telephone/", gestures.phone, name="desk_person_phone"),
    path("notes/", gestures.note, name="desk_person_note"),
    path("notes/<int:note>/supprimer/", gestures.drop_note, name="desk_person_note_drop"),
    path("accords/retirer/", gestures.withdraw_agreement, name="desk_person_agreement"),
    path("donnees.json", gestures.download, name="desk_person_download"),
    path("oublier/", gestures.forget, name="desk_person_forget"),
    path("et/<int:other>/", duplicates.compare, name="desk_person_compare"),
    path("et/<int:other>/fusionner/", duplicates.merge, name="desk_person_merge"),
    path("et/<int:other>/distinguer/", duplicates.keep_apart, name="desk_person_apart"),
]

of_people: list[URLPattern | URLResolver] = [
    path("", supporters.people, name="desk_people"),
    path("compte/", supporters.count, name="desk_people_count"),
    path("exporter/", exports.export, name="desk_people_export"),
    path("exporter/fichier/", exports.export_file, name="desk_people_export_file"),
    path("segments/", segments.segments, name="desk_segments"),
    path("segments/nouveau/", segments.new, name="desk_segments_new"),
    path("segments/<int:pk>/", segments.edit, name="desk_segment"),
    path("segments/<int:pk>/supprimer/", segments.drop, name="desk_segment_drop"),
    path("etiquettes/", tags.tags, name="desk_tags"),
    path("etiquettes/mettre/", tags.put, name="desk_tags_put"),
    path("etiquettes/mettre-sur-tous/", tags.put_on_all, name="desk_tags_put_on_all"),
    path("etiquettes/en-cours/<int:pk>/arreter/", tags.stop, name="desk_tagging_stop"),
    path("etiquettes/<int:pk>/renommer/", tags.rename, name="desk_tag_rename"),
    path("etiquettes/<int:pk>/supprimer/", tags.drop, name="desk_tag_drop"),
    path("doublons/", duplicates.duplicates, name="desk_duplicates"),
    path("doublons/chercher/", duplicates.look, name="desk_duplicates_look"),
    path("fusions/<int:pk>/defaire/", duplicates.part, name="desk_merge_part"),
    path("conservation/", retention.retention, name="desk_retention"),
    path("<int:pk>/", include(of_a_person)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("soutiens/", include(of_people)),
    path("journal-des-exports/", exports.log, name="desk_exports"),
]
