"""What somebody would have built instead, answering the same question from the same rows."""
