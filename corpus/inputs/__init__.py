"""Many documents at once: files, folders, tables and data sets as a stream."""
