"""What people do at their desk: acknowledge, mute, unsubscribe, answer. Each is an act, kept for ever (table act)."""
