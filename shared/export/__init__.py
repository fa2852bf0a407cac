"""Labels in the formats of the field: what each part of a file says, row by row, for archives of any size."""
