"""From a brief in plain words to a shortlist ranked by editorial affinity, each line with its reasons and evidence.

In: briefs, and the profiles and cards below. Out: shortlists, look-alikes, pins and dismissals. Three words to know:
*brief* (what is looked for, editable), *candidate* (an account in a shortlist), *reason* (a share of the score, with posts).
"""
