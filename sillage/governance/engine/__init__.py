"""Pure thinking of governance: who acts, what they may do, how ledger entries chain."""
