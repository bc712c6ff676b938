"""Pure Python: no ORM, no I/O. Each module is tested without a database."""
