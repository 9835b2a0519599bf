-- +goose Up
-- What can be searched for: the words of channels and of broadcasts, folded,
-- with spaces between. The first says what it is of.
CREATE TABLE documents (
    number INTEGER NOT NULL PRIMARY KEY, -- grows
    target TEXT    NOT NULL UNIQUE,      -- an id
    words  TEXT    NOT NULL
);

CREATE VIRTUAL TABLE documents_words USING fts5(
    words, content = 'documents', content_rowid = 'number',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '_'", prefix = '2 3', detail = 'none'
);

-- +goose StatementBegin
CREATE TRIGGER documents_inserted AFTER INSERT ON documents BEGIN
    INSERT INTO documents_words (rowid, words) VALUES (new.number, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN
    INSERT INTO documents_words (documents_words, rowid, words) VALUES ('delete', old.number, old.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER documents_updated AFTER UPDATE ON documents BEGIN
    INSERT INTO documents_words (documents_words, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO documents_words (rowid, words) VALUES (new.number, new.words);
END;
-- +goose StatementEnd

CREATE INDEX channels_category ON channels (category, name) WHERE visibility = 'public';
