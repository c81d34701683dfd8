-- How sure a segment that was split off another begins at the right word; 1 for all others.
ALTER TABLE segment ADD COLUMN begins REAL NOT NULL DEFAULT 1;
