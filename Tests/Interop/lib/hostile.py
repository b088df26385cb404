"""What a peer may write to become markup, to run, or to hide what follows."""

# The element is short enough to survive where a line shows only the first 64 characters.
HOSTILE = "</script><img src=x onerror=document.body.dataset.ran=1><b>bold</b> \"' & \u202e\u2028 {{x}}"
# Of this what is shown in any case: lines are cut, and some characters are shown as escapes.
HOSTILE_AS_SHOWN = "</script><img src=x onerror="
