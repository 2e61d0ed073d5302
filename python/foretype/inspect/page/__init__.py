"""The page that a report is: parts, and the file they become."""
