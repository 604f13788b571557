#!/bin/sh
# Print the first Python of 3.11 to 3.14 that runs. A version manager's name for one may be there and not run.
for name in python3 python3.11 python3.12 python3.13 python3.14; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
{
    echo "Python 3.11, 3.12, 3.13 or 3.14 is needed, and none was found. Install one and try again:"
    echo "  Debian 12+, Ubuntu:  apt-get install python3 python3-venv"
    echo "  macOS:               brew install python@3.13"
    echo "  or name one:         make PYTHON=/path/to/python3.11 demo"
} >&2
exit 1
