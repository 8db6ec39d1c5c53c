"""Input from programs and websites, as Segment's tracking protocol carries it."""
