"""One module a section of the report: from numbers to plots and the sentences that go with them."""
