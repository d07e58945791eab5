SELECT tell_live(source::regclass, noun) FROM (VALUES ('saga_hold', 'sagas'), ('saga_hold_item', 'sagas')) AS told (source, noun);
