"""The registry itself: that it is there, and what its clients would like to tell it."""
