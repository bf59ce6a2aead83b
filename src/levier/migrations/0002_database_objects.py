"""What Django's schema editor has no word for: partitions, `xid8`, an unlogged table, fill factors."""

from django.db import migrations

from levier.foundation.common.areas.names import postcode_ranges

ACTIVITY = """
CREATE TABLE levier_activity (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id bigint NOT NULL,
    person_id bigint,
    kind text NOT NULL,
    subject text NOT NULL,
    data jsonb,
    at timestamptz NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE levier_activity_other PARTITION OF levier_activity DEFAULT;
CREATE INDEX levier_activity_reading ON levier_activity (xid, id);
CREATE INDEX levier_activity_timeline ON levier_activity (person_id, at) WHERE person_id IS NOT NULL;
CREATE FUNCTION levier_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER levier_activity_append_only BEFORE UPDATE ON levier_activity
    FOR EACH STATEMENT EXECUTE FUNCTION levier_refuse_change();
"""

GUARD = """
CREATE UNLOGGED TABLE levier_guard (
    key bytea NOT NULL,
    "window" timestamptz NOT NULL,
    n integer NOT NULL CHECK (n > 0),
    PRIMARY KEY (key, "window")
);
"""

# Fixed widths first: a segment reads a million of these rows, each from its beginning.
SEARCH = """
CREATE TABLE levier_searchentry (
    person_id bigint PRIMARY KEY,
    organisation_id bigint NOT NULL,
    since timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    flags integer NOT NULL,
    marks bigint[] NOT NULL,
    tags bigint[] NOT NULL,
    country varchar(2) NOT NULL,
    postcode varchar(16) NOT NULL,
    name_key varchar(80) NOT NULL
);
CREATE INDEX searchentry_found ON levier_searchentry USING gin (tags, marks);
CREATE INDEX searchentry_last ON levier_searchentry (organisation_id, last_at, person_id);
CREATE INDEX searchentry_since ON levier_searchentry (organisation_id, since, person_id);
CREATE INDEX searchentry_name ON levier_searchentry (organisation_id, name_key, person_id);
CREATE INDEX searchentry_postcode
    ON levier_searchentry (organisation_id, postcode varchar_pattern_ops);
-- How many have each flag (people.queries.flags): without it the planner guesses one in 200.
CREATE STATISTICS searchentry_agreements ON (flags & 1), (flags & 2), (flags & 4), (flags & 256),
    (flags & 512), (flags & 1024) FROM levier_searchentry;
CREATE STATISTICS searchentry_reachable ON (flags & 65536), (flags & 131072), (flags & 262144),
    (flags & 16777216), (flags & 33554432), (flags & 67108864) FROM levier_searchentry;
CREATE TABLE levier_searchwords (
    person_id bigint PRIMARY KEY,
    organisation_id bigint NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX searchwords_found ON levier_searchwords USING gin (words);
"""

# The log's chain over the entries of one statement: SHA-256(previous link ‖ leaf hash).
CHAIN = """
CREATE FUNCTION levier_next_link(link bytea, start bytea, leaf_hash bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN sha256(coalesce(link, start) || leaf_hash);
CREATE AGGREGATE levier_chain(start bytea, leaf_hash bytea) (SFUNC = levier_next_link, STYPE = bytea);
"""
UNCHAIN = """
DROP AGGREGATE levier_chain(bytea, bytea); DROP FUNCTION levier_next_link(bytea, bytea, bytea);
"""

# Rows rewritten in place again and again: room on their page keeps the updates HOT.
FILL = """
ALTER TABLE levier_tally SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE levier_treehead SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE levier_delivery SET (fillfactor = 70);
"""

# Rows of files being imported: cheap to write, made again from their file if a crash loses them.
IMPORTS = """
CREATE UNLOGGED TABLE levier_importrow (
    import uuid NOT NULL,
    position bigint NOT NULL,
    row integer NOT NULL,
    reason text NOT NULL,
    channel text,
    canonical text,
    typed text,
    refused bytea,
    first_name text,
    last_name text,
    postcode text,
    country text,
    phone text,
    phone_canonical text,
    agreed text[],
    at timestamptz,
    confirmed_at timestamptz,
    show_name boolean,
    salt bytea,
    committed bytea,
    code text,
    honorific text,
    language text,
    tags text[],
    words text,
    words_as text,
    for_press boolean,
    for_dossier boolean
) WITH (autovacuum_vacuum_scale_factor = 0.5);
CREATE INDEX levier_importrow_order ON levier_importrow (import, position, row);
"""

# Django's second index on a text key serves LIKE, which nobody asks of a share code.
UNLIKE = "DROP INDEX levier_referralcode_code_5a5567a0_like;"


# Two news of one petition never leave within twenty-four hours of each other, whoever writes
# (U16, U21). The petition's row is locked first, and the others are read by a later statement,
# which sees what the first one waited for; petitions wait for nobody but themselves (U23). Keys
# are not locked, so that whatever points to the petition is written meanwhile.
UPDATES = """
CREATE FUNCTION levier_holds_window(state text, first_sent_at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN state IN ('scheduled', 'sending', 'paused', 'sent') OR first_sent_at IS NOT NULL;
CREATE FUNCTION levier_guard_window() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT levier_holds_window(NEW.state, NEW.first_sent_at) THEN
        RETURN NEW;
    END IF;
    IF NEW.state <> 'cancelled'
            AND NOT EXISTS (SELECT FROM levier_ask WHERE update_id = NEW.id) THEN
        RAISE EXCEPTION 'update % has no ask', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_released_has_its_ask';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF levier_holds_window(OLD.state, OLD.first_sent_at)
                AND OLD.petition_id = NEW.petition_id AND OLD.release_at = NEW.release_at THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM FROM levier_petition WHERE id = NEW.petition_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM levier_update AS other
        WHERE other.petition_id = NEW.petition_id AND other.id <> NEW.id
            AND levier_holds_window(other.state, other.first_sent_at)
            AND other.release_at > NEW.release_at - interval '24 hours'
            AND other.release_at < NEW.release_at + interval '24 hours'
    ) THEN
        RAISE EXCEPTION 'two updates of petition % within 24 hours', NEW.petition_id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'update_one_a_day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER levier_update_window BEFORE INSERT OR UPDATE ON levier_update
    FOR EACH ROW EXECUTE FUNCTION levier_guard_window();
CREATE FUNCTION levier_keep_window() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF levier_holds_window(OLD.state, OLD.first_sent_at) THEN
        RAISE EXCEPTION 'update % is published', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'update_published_stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER levier_update_stays BEFORE DELETE ON levier_update
    FOR EACH ROW EXECUTE FUNCTION levier_keep_window();
CREATE FUNCTION levier_keep_ask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM levier_update
        WHERE id = OLD.update_id AND levier_holds_window(state, first_sent_at)
    ) THEN
        RAISE EXCEPTION 'the ask of update % is published', OLD.update_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ask_published_stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER levier_ask_stays BEFORE DELETE ON levier_ask
    FOR EACH ROW EXECUTE FUNCTION levier_keep_ask();
"""
UNUPDATES = """
DROP TRIGGER levier_ask_stays ON levier_ask;
DROP TRIGGER levier_update_stays ON levier_update;
DROP TRIGGER levier_update_window ON levier_update;
DROP FUNCTION levier_keep_ask(); DROP FUNCTION levier_keep_window();
DROP FUNCTION levier_guard_window(); DROP FUNCTION levier_holds_window(text, timestamptz);
"""

# How far each message is: `messaging.MessageTally`, kept by whoever writes deliveries. A connection
# adds to rows of its own, so that no sender waits for another.
PROGRESS = """
CREATE FUNCTION levier_tally_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO levier_messagetally AS tally (message_id, slot, state, n)
    SELECT message_id, pg_backend_pid(), state, count(*) FROM added
    WHERE lane <> 'transactional' GROUP BY message_id, state
    ON CONFLICT (message_id, slot, state) DO UPDATE SET n = tally.n + excluded.n;
    RETURN NULL;
END $$;
CREATE FUNCTION levier_tally_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO levier_messagetally AS tally (message_id, slot, state, n)
    SELECT message_id, pg_backend_pid(), state, -count(*) FROM removed
    WHERE lane <> 'transactional' GROUP BY message_id, state
    ON CONFLICT (message_id, slot, state) DO UPDATE SET n = tally.n + excluded.n;
    RETURN NULL;
END $$;
CREATE FUNCTION levier_tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO levier_messagetally AS tally (message_id, slot, state, n)
    SELECT message_id, pg_backend_pid(), state, sum(n) FROM (
        SELECT message_id, state, count(*) AS n FROM added
        WHERE lane <> 'transactional' GROUP BY message_id, state
        UNION ALL
        SELECT message_id, state, -count(*) FROM removed
        WHERE lane <> 'transactional' GROUP BY message_id, state
    ) AS change GROUP BY message_id, state HAVING sum(n) <> 0
    ON CONFLICT (message_id, slot, state) DO UPDATE SET n = tally.n + excluded.n;
    RETURN NULL;
END $$;
CREATE TRIGGER levier_delivery_added AFTER INSERT ON levier_delivery
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION levier_tally_added();
CREATE TRIGGER levier_delivery_removed AFTER DELETE ON levier_delivery
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION levier_tally_removed();
CREATE TRIGGER levier_delivery_moved AFTER UPDATE ON levier_delivery
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION levier_tally_moved();
ALTER TABLE levier_messagetally SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE levier_pressure SET (fillfactor = 80);
"""
UNPROGRESS = """
DROP TRIGGER levier_delivery_added ON levier_delivery; DROP FUNCTION levier_tally_added();
DROP TRIGGER levier_delivery_removed ON levier_delivery; DROP FUNCTION levier_tally_removed();
DROP TRIGGER levier_delivery_moved ON levier_delivery; DROP FUNCTION levier_tally_moved();
"""

# What petitions are about, in France and around; a site adds its own rows or removes these.
THEMES = """
INSERT INTO levier_theme (slug, name, position) VALUES
    ('cadre-de-vie', 'Cadre de vie, urbanisme', 1),
    ('transports', 'Transports, mobilités', 2),
    ('environnement', 'Environnement, climat', 3),
    ('logement', 'Logement', 4),
    ('ecole', 'École, jeunesse', 5),
    ('sante', 'Santé', 6),
    ('handicap', 'Handicap, accessibilité', 7),
    ('travail', 'Travail, pouvoir d’achat', 8),
    ('services-publics', 'Démocratie, services publics', 9),
    ('justice', 'Justice, libertés', 10),
    ('egalite', 'Égalité, discriminations', 11),
    ('solidarite', 'Solidarité, international', 12),
    ('culture', 'Culture, patrimoine', 13),
    ('numerique', 'Numérique', 14),
    ('animaux', 'Animaux', 15);
"""


def fill_postcodes(apps, schema_editor):
    """Which area the postcodes are in, from the tables shipped with `common.areas`."""
    ranges = apps.get_model("levier", "PostcodeRange")
    names = ("country", "low", "high", "shortest", "area")
    rows = [ranges(**dict(zip(names, row, strict=True))) for row in postcode_ranges()]
    ranges.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("levier", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ACTIVITY,
            "DROP TABLE levier_activity; DROP FUNCTION levier_refuse_change();",
        ),
        migrations.RunSQL(GUARD, "DROP TABLE levier_guard;"),
        migrations.RunSQL(SEARCH, "DROP TABLE levier_searchentry; DROP TABLE levier_searchwords;"),
        migrations.RunSQL(IMPORTS, "DROP TABLE levier_importrow;"),
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunSQL(UNLIKE, migrations.RunSQL.noop),
        migrations.RunSQL(UPDATES, UNUPDATES),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(PROGRESS, UNPROGRESS),
        migrations.RunSQL(THEMES, "DELETE FROM levier_theme;"),
        migrations.RunPython(fill_postcodes, migrations.RunPython.noop),
    ]
