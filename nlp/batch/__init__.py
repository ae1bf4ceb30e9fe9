"""Tag the clauses of many documents: in pieces that are pure functions, resumable, on one machine or on many."""
