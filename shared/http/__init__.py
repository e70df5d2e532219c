"""HTTP as all services speak it: problem details, keys with scopes, health that tells the truth."""
