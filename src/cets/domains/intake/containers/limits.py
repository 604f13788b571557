"""What is taken out of containers at the utmost, whatever their format. Each limit is named on the receipt when it is met."""

DEEPEST = 3  # containers inside containers, the outer one counted
#: Of a container that lists more, the first are read; counted over all depths.
MOST_MEMBERS = 10_000
MOST_BYTES = 1_000_000_000  # of all members together, at every depth
MOST_MEMBER = 300_000_000
#: Real files pack 2 to 50 times, dull logs some 200 times. Beyond, and of a size that hurts, it is a bomb.
MOST_RATIO = 250
RATIO_FROM = 16_000_000
#: The directory of a container, unpacked.
MOST_DIRECTORY = 16 << 20
#: What a packing method may ask for as its dictionary.
MOST_DICTIONARY = 128 << 20


def most_from(packed: int) -> int:
    """Return how much may come out of so many packed bytes."""
    return min(MOST_BYTES, max(RATIO_FROM, packed * MOST_RATIO))
