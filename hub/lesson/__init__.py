"""The rules of a lesson, without I/O: what is known and `now` go in, answers come out. Keepers run them."""
