"""What pictures need, as plain numbers: no Django, no clock."""
