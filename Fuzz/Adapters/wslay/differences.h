{"reserved-opcode", WSCONFORM_NOT_JUDGED, "placeholder to be replaced"},
