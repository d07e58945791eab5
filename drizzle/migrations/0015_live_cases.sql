SELECT tell_live(source::regclass, noun) FROM (VALUES ('case_file', 'cases'), ('case_tick', 'cases')) AS told (source, noun);
