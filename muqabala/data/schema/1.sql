-- Version 1. Statements, segments and events are written once and never changed; pair, bead, finding and rendering follow from the events.

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,    -- in the project; never changes
    path TEXT NOT NULL,           -- where its file was read; relative to the project's folder where it is inside
    part TEXT NOT NULL DEFAULT '',  -- of a file that holds both sides: `source` or `target`, a space, and the document's name in it
    statement INTEGER REFERENCES statement (id) DEFERRABLE INITIALLY DEFERRED,  -- the one read last
    size INTEGER NOT NULL,        -- of the file when it was read last, in bytes
    modified INTEGER NOT NULL,    -- the file's time of change then, in nanoseconds
    licence TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (id),
    language TEXT NOT NULL,
    sha256 TEXT NOT NULL,         -- of the file's bytes
    text TEXT NOT NULL,
    blocks TEXT NOT NULL,         -- JSON: [kind, start, end] of each block
    cues TEXT NOT NULL,           -- JSON: [start, end, from, to] of each cue of subtitles, from and to in milliseconds
    metadata TEXT NOT NULL,       -- JSON
    origin TEXT NOT NULL,         -- JSON
    doubts TEXT NOT NULL          -- JSON: what is doubtful about the reading
) STRICT;

CREATE INDEX document_by_path ON document (path);

CREATE TABLE segmentation (
    id INTEGER PRIMARY KEY,
    statement INTEGER NOT NULL REFERENCES statement (id),
    digest TEXT NOT NULL,         -- of its spans
    UNIQUE (statement, digest)
) STRICT;

CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    segmentation INTEGER NOT NULL REFERENCES segmentation (id),
    number INTEGER NOT NULL,      -- from 0
    start INTEGER NOT NULL,       -- code points of the statement's text
    stop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cut INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (segmentation, number)
) STRICT;

-- The words of every segment as keys without vowels, hamza forms, clitics, case; its rowid is the segment's id.
CREATE VIRTUAL TABLE word USING fts5 (keys, content = '', detail = 'none', columnsize = 0, tokenize = "unicode61 remove_diacritics 0");

CREATE TABLE pair (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES document (id),
    target INTEGER NOT NULL REFERENCES document (id),
    active INTEGER NOT NULL DEFAULT 0,  -- 0 once it was taken apart
    how TEXT NOT NULL DEFAULT '',       -- what said that they belong together
    confidence REAL NOT NULL DEFAULT 0,
    source_segmentation INTEGER REFERENCES segmentation (id),
    target_segmentation INTEGER REFERENCES segmentation (id),
    signature TEXT NOT NULL DEFAULT '', -- what aligned it
    belief REAL NOT NULL DEFAULT -1,
    checked TEXT NOT NULL DEFAULT '',   -- what checked it: glossary, profile, waivers, beads
    problem TEXT NOT NULL DEFAULT '',   -- why it could not be aligned
    last_number INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, target)
) STRICT;

CREATE INDEX pair_of_target ON pair (target);

CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,             -- UTC
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    document INTEGER REFERENCES document (id),
    pair INTEGER REFERENCES pair (id),
    data TEXT NOT NULL            -- JSON
) STRICT;
CREATE INDEX event_of_pair ON event (pair, id);
CREATE INDEX event_of_kind ON event (kind, id);
CREATE INDEX event_of_person ON event (by, at);

CREATE TABLE bead (
    pair INTEGER NOT NULL REFERENCES pair (id),
    number INTEGER NOT NULL,      -- never used again within its pair
    source TEXT NOT NULL,         -- JSON: numbers of segments
    target TEXT NOT NULL,
    score REAL NOT NULL,
    confidence REAL NOT NULL,
    status TEXT NOT NULL,
    doubts TEXT NOT NULL,         -- JSON
    edited_source TEXT,           -- NULL where the segments stand
    edited_target TEXT,
    note TEXT NOT NULL,
    PRIMARY KEY (pair, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX bead_status ON bead (status, confidence);

CREATE TABLE finding (
    pair INTEGER NOT NULL REFERENCES pair (id),
    bead INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    concept TEXT NOT NULL,
    data TEXT NOT NULL            -- JSON: spans, expected, found
) STRICT;
CREATE INDEX finding_of_bead ON finding (pair, bead);
CREATE INDEX finding_by_code ON finding (severity, code, concept);

CREATE TABLE rendering (          -- how often a pair renders a concept by a term
    pair INTEGER NOT NULL REFERENCES pair (id),
    concept TEXT NOT NULL,
    term TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (pair, concept, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviewer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    token TEXT NOT NULL           -- SHA-256 of the personal link's secret
) STRICT;

CREATE TABLE work (               -- how long somebody worked on a pair on a day, as the workbench saw it
    by TEXT NOT NULL,
    day TEXT NOT NULL,            -- UTC
    pair INTEGER NOT NULL REFERENCES pair (id),
    seconds INTEGER NOT NULL,
    PRIMARY KEY (by, day, pair)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_is_kept BEFORE DELETE ON event BEGIN SELECT RAISE (ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE (ABORT, 'events are never changed'); END;
CREATE TRIGGER statement_is_kept BEFORE DELETE ON statement BEGIN SELECT RAISE (ABORT, 'statements are never deleted'); END;
CREATE TRIGGER statement_is_final BEFORE UPDATE ON statement BEGIN SELECT RAISE (ABORT, 'statements are never changed'); END;
CREATE TRIGGER segment_is_kept BEFORE DELETE ON segment BEGIN SELECT RAISE (ABORT, 'segments are never deleted'); END;
CREATE TRIGGER segment_is_final BEFORE UPDATE ON segment BEGIN SELECT RAISE (ABORT, 'segments are never changed'); END;
