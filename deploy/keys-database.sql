-- The wrapped keys lie in a database of their own: backups of the two must not go to the same place.
CREATE DATABASE waymark_keys;
