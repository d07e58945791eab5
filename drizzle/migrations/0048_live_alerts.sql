SELECT tell_live(source::regclass, noun) FROM (VALUES ('alert', 'alerts'), ('silence', 'alerts')) AS told (source, noun);
