"""Archives of policies: versions of documents over years, each with where it comes from."""
