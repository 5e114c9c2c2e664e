"""The demonstration: practices, people and a year of synthetic cases, through the real doors."""
