"""`python -m school` is the command `school`."""

from school.cli import main

main()
