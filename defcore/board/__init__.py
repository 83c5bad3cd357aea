"""What those who govern a guideline read: the impact of a draft on stored results, readable pages, a meeting's pack."""
