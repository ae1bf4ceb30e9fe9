"""Search over the clauses of a whole corpus."""
