"""What officers read: checks, editions, evidence and reviews as papers, in the languages of messages."""
