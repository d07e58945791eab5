-- Whoever runs the product may ask for today's partitions; only their owner may name a day, since a day in the future drops history.
DROP FUNCTION keep_partitions(timestamptz);
--> statement-breakpoint
CREATE FUNCTION keep_partitions_at(today timestamptz) RETURNS int LANGUAGE plpgsql SET search_path = public, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
DECLARE
  spec record; span timestamptz; child text; made int := 0; old record;
BEGIN
  PERFORM pg_advisory_xact_lock(4127002);
  FOR spec IN SELECT * FROM (VALUES
      ('lag_sample_10', 'day', interval '1 day', interval '24 hours'), ('lag_sample_60', 'day', interval '1 day', interval '14 days'),
      ('lag_sample_300', 'month', interval '1 month', interval '60 days'), ('lag_sample_3600', 'month', interval '1 month', interval '400 days'),
      ('zone_sample_10', 'day', interval '1 day', interval '24 hours'), ('zone_sample_60', 'day', interval '1 day', interval '14 days'),
      ('zone_sample_300', 'month', interval '1 month', interval '60 days'), ('zone_sample_3600', 'month', interval '1 month', interval '400 days'),
      ('dead_letter_history', 'month', interval '1 month', interval '400 days')) AS s(parent, unit, width, keep)
  LOOP
    span := date_trunc(spec.unit, today) - spec.width;
    WHILE span < today + 2 * spec.width LOOP
      child := spec.parent || '_p' || to_char(span, 'YYYYMMDD');
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, spec.parent, date_trunc(spec.unit, span), date_trunc(spec.unit, span + spec.width));
        made := made + 1;
      END IF;
      span := date_trunc(spec.unit, span + spec.width);
    END LOOP;
    FOR old IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = spec.parent::regclass AND c.relname ~ ('^' || spec.parent || '_p[0-9]{8}$')
                 AND to_timestamp(right(c.relname, 8), 'YYYYMMDD') + spec.width < today - spec.keep
    LOOP
      EXECUTE format('DROP TABLE %I', old.relname);
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
--> statement-breakpoint
CREATE FUNCTION keep_partitions() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT keep_partitions_at(now()) $$;
--> statement-breakpoint
-- Anybody who can log in to this server could call functions, make temporary tables and connect.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--> statement-breakpoint
DO $$ BEGIN EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
