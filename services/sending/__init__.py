"""How notices reach people: found by name, put into words, sent, tried again, and every result kept."""
