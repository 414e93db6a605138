"""What each named graph holds, made from the rows of the tables, with the cell that each statement came from."""
