"""`python -m wsconform` is the tool itself."""

from wsconform._binary import main

main()
