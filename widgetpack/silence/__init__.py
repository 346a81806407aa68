"""What of the findings is told: choice of rules, comments, baselines, and which of these are of no use."""
